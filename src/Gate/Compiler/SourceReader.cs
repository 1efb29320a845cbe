using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;

namespace Gate.Compiler;

/// <summary>The sources that a bundle was made of: always path and digest, the texts where they travel along (in the binary's own).</summary>
public static class SourceReader
{
    public static List<(string Path, byte[] Digest, byte[]? Text)> Read(Bundle bundle)
    {
        List<(string, byte[], byte[]?)> sources = [];
        (int at, _) = bundle.Find(Section.Sources);
        int count = (int)bundle.Word(at);
        at += 4;
        for (int i = 0; i < count; i++)
        {
            string path = Encoding.UTF8.GetString(bundle.Text(at));
            at += 2 + bundle.Half(at);
            byte[] digest = bundle.At(at, BundleFormat.DigestSize).ToArray();
            int length = (int)bundle.Word(at + BundleFormat.DigestSize);
            at += BundleFormat.DigestSize + 4;
            sources.Add((path, digest, length == 0 ? null : bundle.At(at, length).ToArray()));
            at += length;
        }

        return sources;
    }

    public static List<SourceFile> Texts(Bundle bundle)
    {
        List<SourceFile> files = [];
        foreach ((string path, _, byte[]? text) in Read(bundle))
        {
            if (text is not null)
                files.Add(new SourceFile(path, text));
        }

        return files;
    }
}
