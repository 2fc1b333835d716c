namespace Elbo.Numerics;

/// <summary>
/// A failure that a person can act on: bad input, a damaged file, a combination that makes no sense. The message is one sentence
/// that names what was given, what was expected and what to do.
/// </summary>
public class ElboException : Exception
{
    /// <summary>Creates the exception with a message meant for a person.</summary>
    public ElboException(string message) : base(message) { }

    /// <summary>Creates the exception with a message meant for a person and the failure beneath it.</summary>
    public ElboException(string message, Exception innerException) : base(message, innerException) { }
}
