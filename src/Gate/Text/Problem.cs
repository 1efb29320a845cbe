namespace Gate.Text;

/// <summary>Something wrong in a text: where, and one sentence that says what. A value, never thrown.</summary>
public readonly record struct Problem(Span Span, string Message);
