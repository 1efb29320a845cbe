namespace Gate.Shell;

/// <summary>The tokens of the grammar. Reserved words are tokens only where bash takes them for such; see Lexer.cs.</summary>
internal enum Tok : byte
{
    Start, Error, EndOfText, Newline,
    Word, AssignmentWord, VariableDescriptor, Number, Arithmetic, ArithmeticFor, ConditionEnd, SubstitutionStart, Dash,
    Semicolon, Ampersand, Pipe, PipeErrors, And, Or, DoubleSemicolon, SemicolonAmpersand, DoubleSemicolonAmpersand, Open, Close,
    Less, Greater, DoubleGreater, GreaterPipe, LessGreater, LessAmpersand, GreaterAmpersand, AmpersandGreater, AmpersandDoubleGreater,
    TripleLess, DoubleLess, DoubleLessDash,
    If, Then, Else, Elif, Fi, Case, Esac, For, Select, While, Until, Do, Done, In, Function, Coproc, OpenBrace, CloseBrace, Bang,
    ConditionStart, Time, TimePosix, TimeDashes,
}

internal static class Tokens
{
    /// <summary>The reserved word that these bytes spell, or <see cref="Tok.Word"/>.</summary>
    internal static Tok Reserved(System.ReadOnlySpan<byte> word)
    {
        switch (word.Length)
        {
            case 1:
                return word[0] switch { (byte)'{' => Tok.OpenBrace, (byte)'}' => Tok.CloseBrace, (byte)'!' => Tok.Bang, _ => Tok.Word };
            case 2:
                return (word[0] << 8 | word[1]) switch
                {
                    'i' << 8 | 'f' => Tok.If,
                    'f' << 8 | 'i' => Tok.Fi,
                    'd' << 8 | 'o' => Tok.Do,
                    'i' << 8 | 'n' => Tok.In,
                    '[' << 8 | '[' => Tok.ConditionStart,
                    ']' << 8 | ']' => Tok.ConditionEnd,
                    _ => Tok.Word,
                };
            case 3:
                return Is(word, "for"u8) ? Tok.For : Tok.Word;
            case 4:
                return Is(word, "then"u8) ? Tok.Then : Is(word, "else"u8) ? Tok.Else : Is(word, "elif"u8) ? Tok.Elif : Is(word, "case"u8) ? Tok.Case
                    : Is(word, "esac"u8) ? Tok.Esac : Is(word, "done"u8) ? Tok.Done : Is(word, "time"u8) ? Tok.Time : Tok.Word;
            case 5:
                return Is(word, "while"u8) ? Tok.While : Is(word, "until"u8) ? Tok.Until : Tok.Word;
            case 6:
                return Is(word, "select"u8) ? Tok.Select : Is(word, "coproc"u8) ? Tok.Coproc : Tok.Word;
            case 8:
                return Is(word, "function"u8) ? Tok.Function : Tok.Word;
            default:
                return Tok.Word;
        }
    }

    /// <summary>How a token is called in a message.</summary>
    internal static string Name(Tok token) => token switch
    {
        Tok.EndOfText => "the end of the text",
        Tok.Newline => "the end of the line",
        Tok.Semicolon => "`;'",
        Tok.Ampersand => "`&'",
        Tok.Pipe => "`|'",
        Tok.PipeErrors => "`|&'",
        Tok.And => "`&&'",
        Tok.Or => "`||'",
        Tok.DoubleSemicolon => "`;;'",
        Tok.SemicolonAmpersand => "`;&'",
        Tok.DoubleSemicolonAmpersand => "`;;&'",
        Tok.Open => "`('",
        Tok.Close => "`)'",
        Tok.OpenBrace => "`{'",
        Tok.CloseBrace => "`}'",
        Tok.ConditionEnd => "`]]'",
        Tok.Then => "`then'",
        Tok.Else => "`else'",
        Tok.Elif => "`elif'",
        Tok.Fi => "`fi'",
        Tok.Esac => "`esac'",
        Tok.Do => "`do'",
        Tok.Done => "`done'",
        Tok.In => "`in'",
        Tok.Word or Tok.AssignmentWord => "a word",
        Tok.Number or Tok.VariableDescriptor => "a descriptor",
        >= Tok.Less and <= Tok.DoubleLessDash => "a redirection",
        _ => "a reserved word",
    };

    private static bool Is(System.ReadOnlySpan<byte> word, System.ReadOnlySpan<byte> text) => System.MemoryExtensions.SequenceEqual(word, text);
}
