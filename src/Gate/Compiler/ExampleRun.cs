using System;
using System.Collections.Generic;
using System.Text;
using System.Xml;
using Gate.Policy;

namespace Gate.Compiler;

/// <summary>
/// What one example came to. The subject is the rule's id, or <c>knowledge</c>; what was expected is in words: <c>must catch</c>,
/// <c>must not catch</c>, <c>must do [effects]</c>.
/// </summary>
public sealed record ExampleOutcome(string File, long Line, string Subject, string Expected, string Call, bool Passed, string Got);

/// <summary>Every example of a policy: of rules, of the rules that single profiles add, of programs.</summary>
public static class ExampleRun
{
    public static List<ExampleOutcome> All(PolicyModel model)
    {
        List<ExampleOutcome> all = [];
        if (model.Profiles.TryGetValue("balanced", out Profile balanced))
        {
            foreach (RuleTester.Result result in RuleTester.Run(model, balanced))
                all.Add(Of(result));
            foreach (KnowledgeTester.Result result in KnowledgeTester.Run(model, balanced))
                all.Add(new ExampleOutcome(result.Example.File, result.Example.Line, "knowledge", $"must do [{string.Join("; ", result.Example.Does)}]", result.Example.Call.Shown, result.Passed, $"[{result.Shown}]"));
            foreach (SequenceTester.Result result in SequenceTester.Run(model, balanced))
                all.Add(new ExampleOutcome(result.Chain.File, result.Chain.Line, result.Rule.Id, result.Chain.Catches ? "must catch" : "must not catch", result.Chain.Shown, result.Passed, result.Shown));
            foreach (RedactionTester.Result result in RedactionTester.Run(model, balanced))
                all.Add(new ExampleOutcome(result.Example.File, result.Example.Line, result.Example.Id, result.Example.Matches ? "must match" : "must not match", result.Example.Text, result.Passed, result.Shown));
        }

        // What is not in force there: rules of single profiles, and of levels that are off.
        HashSet<string> seen = [.. balanced.Name is null ? [] : model.RulesOf(balanced).ConvertAll(rule => rule.Id)];
        List<string> names = [.. model.Profiles.Keys];
        names.Sort(string.CompareOrdinal);
        foreach (string name in names)
        {
            List<RuleModel> more = model.RulesOf(model.Profiles[name]).FindAll(rule => !seen.Contains(rule.Id) && rule.Examples.Length > 0);
            if (more.Count == 0)
                continue;
            foreach (RuleTester.Result result in RuleTester.Run(model, model.Profiles[name]))
            {
                if (!seen.Contains(result.Rule.Id))
                    all.Add(Of(result));
            }

            seen.UnionWith(more.ConvertAll(rule => rule.Id));
        }

        return all;
    }

    private static ExampleOutcome Of(RuleTester.Result result) =>
        new(result.Example.File, result.Example.Line, result.Rule.Id, result.Example.Catches ? "must catch" : "must not catch", result.Example.Shown, result.Passed, result.Shown);

    /// <summary>The report that build servers read: one test suite, a test case for each example.</summary>
    public static string JUnit(List<ExampleOutcome> all)
    {
        StringBuilder text = new();
        using (XmlWriter xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "gate rules");
            xml.WriteAttributeString("tests", XmlConvert.ToString(all.Count));
            xml.WriteAttributeString("failures", XmlConvert.ToString(all.FindAll(outcome => !outcome.Passed).Count));
            foreach (ExampleOutcome outcome in all)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", outcome.Subject);
                xml.WriteAttributeString("name", Clean($"{outcome.Expected}: {outcome.Call}"));
                xml.WriteAttributeString("file", outcome.File);
                xml.WriteAttributeString("line", XmlConvert.ToString(outcome.Line));
                if (!outcome.Passed)
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("message", Clean($"got {outcome.Got}"));
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    // XML knows no control characters, not even escaped.
    private static string Clean(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = XmlConvert.IsXmlChar(source[i]) ? source[i] : '\uFFFD';
    });
}
