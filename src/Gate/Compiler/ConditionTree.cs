using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Gate.Policy;

namespace Gate.Compiler;

/// <summary>An encoded condition taken apart again, for what looks at conditions instead of evaluating them.</summary>
internal sealed class ConditionTree
{
    private ConditionTree(Test test, byte[] rest, ConditionTree[] children) => (Test, Rest, Children) = (test, rest, children);

    public Test Test { get; }

    /// <summary>What stands behind the test's byte.</summary>
    public byte[] Rest { get; }

    /// <summary>Of groups and of <see cref="Test.Not"/>.</summary>
    public ConditionTree[] Children { get; }

    /// <param name="condition">The condition.</param>
    /// <param name="automata">Numbers given to automata so far: two tests are alike when their numbers are.</param>
    public static ConditionTree Of(CompiledCondition condition, Dictionary<string, int> automata)
    {
        byte[] code = [.. condition.Code];
        foreach ((int at, byte[] table) in condition.Automata)
        {
            string key = Convert.ToHexString(table);
            if (!automata.TryGetValue(key, out int number))
                automata[key] = number = automata.Count;
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(at), number);
        }

        return Of(code);
    }

    private static ConditionTree Of(ReadOnlySpan<byte> code)
    {
        ReadOnlySpan<byte> rest = code[1..];
        List<ConditionTree> children = [];
        if ((Test)code[0] == Test.Not)
        {
            children.Add(Of(rest));
        }
        else if ((Test)code[0] is Test.All or Test.Any)
        {
            for (int i = 0, at = 1; i < rest[0]; i++)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[at..]);
                children.Add(Of(rest.Slice(at + 2, length)));
                at += 2 + length;
            }
        }

        return new ConditionTree((Test)code[0], rest.ToArray(), [.. children]);
    }

    /// <summary>This part and all parts in it.</summary>
    public IEnumerable<ConditionTree> All()
    {
        yield return this;
        foreach (ConditionTree child in Children)
        {
            foreach (ConditionTree part in child.All())
                yield return part;
        }
    }

    /// <summary>The texts of a text list that begins at a place in <see cref="Rest"/>, each as it stands there.</summary>
    public List<byte[]> Texts(int at = 0)
    {
        List<byte[]> texts = [];
        int next = at + 1;
        for (int i = 0; i < Rest[at]; i++)
        {
            texts.Add(Rest.AsSpan(next + 1, Rest[next]).ToArray());
            next += 1 + Rest[next];
        }

        return texts;
    }

    /// <summary>The name of the variable that a <see cref="Test.Environment"/> asks for.</summary>
    public byte[] Variable => Rest.AsSpan(1, Rest[0]).ToArray();
}
