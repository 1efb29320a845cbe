using System;
using Gate.Text;

namespace Gate.Tests.Support;

/// <summary>An automaton's table as the compiler made it, outside a bundle.</summary>
internal readonly struct TableInArray(byte[] table) : Automaton.ITable
{
    public ReadOnlySpan<byte> At(int offset, int length) => table.AsSpan(offset, length);
}
