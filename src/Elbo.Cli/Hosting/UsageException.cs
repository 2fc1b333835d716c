using Elbo.Numerics;

namespace Elbo.Cli.Hosting;

/// <summary>A command line or recipe that makes no sense, as against work that failed.</summary>
internal sealed class UsageException : ElboException
{
    public UsageException(string message) : base(message) { }

    public UsageException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Runs what reads a person's words, so that its refusals count as usage errors.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ElboException exception) when (exception is not UsageException)
        {
            throw new UsageException(exception.Message, exception);
        }
    }
}
