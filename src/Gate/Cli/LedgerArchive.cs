using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Requests;
using Gate.Store;

namespace Gate.Cli;

/// <summary><c>gate ledger archive --before TIME</c>: old rows go into a file of their own; a checkpoint stands for them.</summary>
internal static class LedgerArchive
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite, PrivateFolder = Private | UnixFileMode.UserExecute;

    public static Command Create()
    {
        Option<string> before = new("--before") { Description = "Rows from the oldest up to this time: a date, a date and time, an age (90d), or now.", Required = true };
        Option<string?> file = new("--out") { Description = "The archive's file; without it, one in the folder 'archive' beside the store." };
        Option<bool> damaged = new("--damaged") { Description = "Also where the ledger is damaged: checkpoints and anchor begin anew after the rows that go." };
        Option<bool> compact = new("--compact") { Description = "Then make the store's file smaller; hooks wait while it is written anew." };
        Command command = new("archive", "Put old rows into a file of their own. The rest still verifies, and so does the archive: 'gate ledger verify --file'.") { before, file, damaged, compact };
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            using GateStore store = Workplace.Store(places);
            long time = LedgerTime.Parse(parsed.GetValue(before)!, "--before");
            LedgerDamage? damage = LedgerChain.Verify(store, LedgerMarks.Of(store, places.State), null, out _);
            if (damage is not null && !parsed.GetValue(damaged))
                throw new CliException($"The ledger is damaged, and putting it away would hide that ({damage.Name}: {damage.Sentence}) With --damaged it is archived as it is.");
            (long first, long last) = store.ArchivableBefore(time);
            if (last == 0)
            {
                Terminal.Line("Nothing to archive: no row but the newest is that old.");
                return 0;
            }

            string archive = Path.GetFullPath(parsed.GetValue(file) ?? Path.Combine(Workplace.Text(places.State), "archive", $"ledger-{first}-{last}.db"));
            Copy(places, archive, last, verify: damage is null);
            store.RemoveArchived(first, last, anew: damage is not null);
            if (parsed.GetValue(compact))
            {
                store.Database.Execute("VACUUM\0"u8);
                store.Database.Checkpoint();
            }

            Terminal.Line($"archived  rows {first} to {last}: {archive}");
            return 0;
        });
        return command;
    }

    // The archive is whole and on the disk before the first row leaves the ledger.
    private static void Copy(Places places, string archive, long last, bool verify)
    {
        if (File.Exists(archive))
            throw new CliException($"There is a file '{archive}' already; name another one with --out.");
        Directory.CreateDirectory(Path.GetDirectoryName(archive)!, PrivateFolder);
        string next = archive + ".next";
        File.Delete(next);
        GateStore.CopyTo(places.Store, Encoding.UTF8.GetBytes(next), last);
        using (GateStore copy = GateStore.Open(Encoding.UTF8.GetBytes(next), create: false))
        {
            if (verify && LedgerChain.Verify(copy, LedgerMarks.Of(copy, places.State, anchored: false), null, out _) is { } damage)
                throw new CliException($"The archive did not come out whole ({damage.Sentence}); nothing was removed. Check the disk.");
        }

        File.SetUnixFileMode(next, Private);
        File.Move(next, archive);
    }
}
