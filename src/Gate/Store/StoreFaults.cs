using System.Text;
using Gate.Native;
using Gate.Requests;

namespace Gate.Store;

/// <summary>Every way the store can fail, as one sentence with what to do next.</summary>
public static class StoreFaults
{
    public static string Sentence(StoreException failure, Places places)
    {
        string path = Encoding.UTF8.GetString(places.Store);
        return (failure.Code & 0xFF) switch
        {
            Sqlite.Busy or Sqlite.Locked => $"The store {path} is held by another process for more than {Database.BusyMilliseconds / 1000} seconds. Find it with 'fuser {path}', then try again.",
            Sqlite.Full => $"The disk of the store {path} is full. Free some space there.",
            Sqlite.ReadOnly => $"The store {path} cannot be written. Check owner and mode of the file, of the -wal and -shm files beside it and of its folder, and that the file system is not read-only.",
            Sqlite.CannotOpen => $"The store {path} cannot be opened. Check that its folder exists and belongs to you; 'gate init' makes it.",
            Sqlite.Corrupt or Sqlite.NotADatabase => $"The store {path} is damaged. Look at it with 'gate ledger verify'; move it away and run 'gate init' to start a new one.",
            Sqlite.InputOutput => $"Reading or writing the store {path} failed: {failure.Message}. Check the disk.",
            0 => $"The store {path} cannot be used: {failure.Message}.",
            _ => $"The store {path} failed: {failure.Message}. Run 'gate status'.",
        };
    }
}
