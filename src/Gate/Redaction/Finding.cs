namespace Gate.Redaction;

/// <summary>A secret that was replaced: where it stood in the whole text, in bytes, and by which format it was known. Never the secret itself.</summary>
public readonly record struct Finding(int Format, long Offset, int Length);
