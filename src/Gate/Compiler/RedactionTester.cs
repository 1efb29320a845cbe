using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Policy;
using Gate.Redaction;

namespace Gate.Compiler;

/// <summary>Runs the examples of formats: what matches must be known by this very format, a near miss by none; an output that is written out must come out.</summary>
public static class RedactionTester
{
    public sealed record Result(RedactionExample Example, bool Passed, string Shown);

    public static List<Result> Run(PolicyModel model, Profile profile)
    {
        List<Result> results = [];
        if (model.Redactions.Formats.Count == 0)
            return results;
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle =>
        {
            foreach (RedactionExample example in model.Redactions.Examples)
                results.Add(Check(example, bundle));
        });
        return results;
    }

    private static Result Check(RedactionExample example, Bundle bundle)
    {
        RedactionTable table = new(bundle);
        Redactor redactor = new(table) { KeepsFindings = true };
        byte[] text = Encoding.UTF8.GetBytes(example.Text);
        string output = Encoding.UTF8.GetString(redactor.Whole(text) ?? text);
        bool known = false;
        foreach (Finding finding in redactor.Findings)
            known |= Encoding.ASCII.GetString(table.Id(finding.Format)) == example.Id;
        bool passed = (example.Matches ? known : redactor.Count == 0) && (example.Output is null || example.Output == output);
        return new Result(example, passed, output);
    }
}
