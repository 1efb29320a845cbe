using System;

namespace Gate.Effects;

/// <summary>Hosts in URLs.</summary>
internal static class HostName
{
    /// <summary>The host of a URL, lower case, without user, port and path; empty when there is none.</summary>
    public static byte[] Of(ReadOnlySpan<byte> url)
    {
        int scheme = url.IndexOf("://"u8);

        // PostgreSQL's "dbname=app host=HOST": without a host it is this machine.
        if (scheme < 0 && url.IndexOf("dbname="u8) >= 0)
        {
            int named = url.StartsWith("host="u8) ? 0 : url.IndexOf(" host="u8) + 1;
            url = named == 0 && !url.StartsWith("host="u8) ? url.IndexOf("host"u8) >= 0 || url.IndexOf("service"u8) >= 0 ? default : "localhost"u8 : url[(named + 5)..];
            int blank = url.IndexOf((byte)' ');
            url = blank < 0 ? url : url[..blank];
        }

        ReadOnlySpan<byte> rest = scheme < 0 ? url : url[(scheme + 3)..];
        int end = rest.IndexOfAny("/?#\\"u8);
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf((byte)'@') + 1)..];
        int port = rest.Length > 0 && rest[0] == '[' ? rest.IndexOf((byte)']') + 1 : rest.IndexOf((byte)':');

        // Port alone, as HTTPie writes it: this machine.
        if (port == 0 && rest.Length is > 1 and < 7 && rest[1..].IndexOfAnyExcept("0123456789"u8) < 0)
            rest = "localhost"u8;
        byte[] host = (port <= 0 ? rest : rest[..port]).ToArray();
        for (int i = 0; i < host.Length; i++)
            host[i] = host[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(host[i] + 32) : host[i];
        return host;
    }
}
