using System;
using System.Collections.Generic;

namespace Gate.Bench;

/// <summary>What one command took, over all its calls. Times in microseconds, memory in KiB.</summary>
internal sealed class Figures
{
    private readonly List<double> _times = [];
    private readonly List<long> _faults = [], _processor = [];
    private bool _sorted;

    public int Count => _times.Count;

    public long Peak { get; private set; }

    public double Minimum => At(0);

    public double Median => At(0.5);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    /// <summary>Page faults and processor time, medians. The latter hardly depends on what else the machine does.</summary>
    public long Faults => Middle(_faults);

    public long Processor => Middle(_processor);

    public void Add(Figures other)
    {
        _times.AddRange(other._times);
        _faults.AddRange(other._faults);
        _processor.AddRange(other._processor);
        Peak = Math.Max(Peak, other.Peak);
        _sorted = false;
    }

    public void Add(double microseconds, long peak, long faults, long processor)
    {
        _times.Add(microseconds);
        _faults.Add(faults);
        _processor.Add(processor);
        Peak = Math.Max(Peak, peak);
        _sorted = false;
    }

    private static long Middle(List<long> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    // The nearest rank: a figure that was really measured.
    private double At(double share)
    {
        if (!_sorted)
            _times.Sort();
        _sorted = true;
        return _times[Math.Clamp((int)Math.Ceiling(share * _times.Count) - 1, 0, _times.Count - 1)];
    }
}
