using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

namespace Gate.Tests.Cli;

public class SettingsRecordTests
{
    [Theory]
    [InlineData("\uFEFF{}\r\n", true)]
    [InlineData("", false)]
    [InlineData(null, true)]
    public void A_record_survives_its_bytes(string? original, bool created)
    {
        SettingsRecord record = new("/home/é \"x\"/settings.json", original is null ? null : Bytes(original), Bytes("w\0\n"), created);
        SettingsRecord copy = SettingsRecord.Read(record.ToBytes())!;
        Assert.Equal(record.Path, copy.Path);
        Assert.Equal(record.Original, copy.Original);
        Assert.Equal(record.Written, copy.Written);
        Assert.Equal(created, copy.CreatedDirectory);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"path":"/x","written":"","created_directory":false}""")]
    [InlineData("""{"version":1,"path":7,"written":"","created_directory":false}""")]
    [InlineData("""{"version":1,"path":"/x","written":"?","created_directory":false}""")]
    [InlineData("""{"version":1.5,"path":"/x","written":"","created_directory":0}""")]
    public void What_is_no_record_is_null(string text) => Assert.Null(SettingsRecord.Read(Bytes(text)));

    [Fact]
    public void No_bytes_are_no_record() => Assert.Null(SettingsRecord.Read(null));
}
