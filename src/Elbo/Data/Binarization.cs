namespace Elbo.Data;

/// <summary>How grey values become 0 and 1. A value v becomes 1 with probability v.</summary>
public enum Binarization
{
    /// <summary>They stay grey.</summary>
    None,

    /// <summary>Each value of each row is drawn once for all epochs (Salakhutdinov and Murray, 2008).</summary>
    Fixed,

    /// <summary>Each value is drawn anew in every epoch (Burda, Grosse and Salakhutdinov, 2016, section 5).</summary>
    Dynamic,
}
