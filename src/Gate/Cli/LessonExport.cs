using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Lessons;
using Gate.Native;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>
/// <c>gate lesson export --dpo|--sft|--kto</c>: what people preferred, for training: JSON Lines as the field reads them. Texts come from the ledger, where they are
/// redacted, and go through redaction once more; every line says where it comes from, and no two are alike.
/// </summary>
internal static class LessonExport
{
    public static Command Create()
    {
        Option<bool> dpo = new("--dpo") { Description = "Pairs: prompt, chosen, rejected." }, sft = new("--sft") { Description = "Good examples: messages." }, kto = new("--kto") { Description = "Single judgements: prompt, completion, label." };
        Option<bool> all = new("--all") { Description = "Of all repositories." };
        Option<string?> folder = new("--out") { Description = "A folder: one file for each repository. Without it, everything goes to standard output." };
        Command command = new("export", "Write preferences out for training.") { dpo, sft, kto, all, folder };
        command.SetAction(parsed =>
        {
            int kinds = (parsed.GetValue(dpo) ? 1 : 0) + (parsed.GetValue(sft) ? 1 : 0) + (parsed.GetValue(kto) ? 1 : 0);
            if (kinds != 1)
                throw new CliException("Choose one: --dpo, --sft or --kto.");
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            Preferences preferences = new(store);
            foreach (Lesson lesson in store.ReadLessons(parsed.GetValue(all) ? default : here.Project))
                preferences.Add(lesson);
            if (parsed.GetValue(kto) || parsed.GetValue(sft))
                preferences.AddAnswered(parsed.GetValue(all) ? [] : here.Project);
            string kind = parsed.GetValue(dpo) ? "dpo" : parsed.GetValue(sft) ? "sft" : "kto";
            return Write(preferences, kind, parsed.GetValue(folder));
        });
        return command;
    }

    private static int Write(Preferences preferences, string kind, string? folder)
    {
        SortedDictionary<string, ByteBuilder> files = new(StringComparer.Ordinal);
        HashSet<string> seen = [];
        int lines = 0;
        foreach (Preference one in preferences.All)
        {
            foreach (string line in LinesOf(one, kind, out string key))
            {
                if (!seen.Add(key + line[..line.IndexOf(",\"metadata\":", StringComparison.Ordinal)]))
                    continue;
                if (!files.TryGetValue(one.Repository, out ByteBuilder? text))
                    files.Add(one.Repository, text = new ByteBuilder(4096));
                text.Add(line).Add((byte)'\n');
                lines++;
            }
        }

        foreach ((string repository, ByteBuilder text) in files)
        {
            if (folder is null)
            {
                Terminal.Raw(text.Written);
                continue;
            }

            Directory.CreateDirectory(folder);
            byte[] digest = new byte[Sodium.DigestBytes];
            Sodium.Blake2(Encoding.UTF8.GetBytes(repository), digest);
            string path = Path.Combine(folder, $"{Preferences.NameOf(repository)}-{Hex.Of(digest.AsSpan(0, 4))}.{kind}.jsonl");
            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write(text.Written);
            Terminal.Line($"{path}");
        }

        if (lines == 0)
            Terminal.Error("there is nothing to export here yet: preferences come from thumbs ('gate lesson add') and from answers to asks");
        return 0;
    }

    private static List<string> LinesOf(Preference one, string kind, out string key)
    {
        key = one.Repository;
        List<string> lines = [];
        if (kind == "dpo" && one.Rejected is not null && one.Chosen is not null)
            lines.Add(Line(one, one.Origin, ("prompt", one.Prompt), ("chosen", one.Chosen), ("rejected", one.Rejected)));
        if (kind == "kto" && one.Rejected is not null)
            lines.Add(Line(one, "thumbs-down", ("prompt", one.Prompt), ("completion", one.Rejected), ("label", null)));
        if (kind == "kto" && one.Chosen is not null && one.IsRealCall)
            lines.Add(Line(one, one.Origin, ("prompt", one.Prompt), ("completion", one.Chosen), ("label", "true")));
        if (kind == "sft" && one.Chosen is not null && one.IsRealCall)
            lines.Add(Messages(one));
        return lines;
    }

    private static string Line(Preference one, string origin, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        ByteBuilder text = new(1024);
        for (int i = 0; i < fields.Length; i++)
        {
            text.Add(i == 0 ? "{\""u8 : ",\""u8).Add(fields[i].Name).Add("\":"u8);
            if (fields[i].Name == "label")
                text.Add(fields[i].Value is null ? "false"u8 : "true"u8);
            else
                text.AddJson(fields[i].Value!);
        }

        return Workplace.Text(AddMetadata(text, one, origin).Written);
    }

    private static string Messages(Preference one)
    {
        ByteBuilder text = new(1024);
        text.Add("{\"messages\":[{\"role\":\"user\",\"content\":"u8).AddJson(one.Prompt).Add("},{\"role\":\"assistant\",\"content\":"u8).AddJson(one.Chosen!).Add("}]"u8);
        return Workplace.Text(AddMetadata(text, one, one.Origin).Written);
    }

    private static ByteBuilder AddMetadata(ByteBuilder text, Preference one, string origin) =>
        text.Add(",\"metadata\":{\"repository\":"u8).AddJson(Preferences.NameOf(one.Repository)).Add(",\"lesson\":"u8).Add(one.Lesson).Add(",\"row\":"u8).Add(one.Row).Add(",\"time\":"u8).AddJson(LedgerJson.Time(one.Time))
            .Add(",\"tool\":"u8).AddJson(one.Tool).Add(",\"origin\":"u8).AddJson(origin).Add("}}"u8);
}
