using System.Runtime.InteropServices;

namespace Elbo.Cli.Hosting;

/// <summary>Ctrl-C and the polite kill: the first asks the work to stop and save, the second ends the process at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly TextWriter error;
    private int code;

    private Interrupts(TextWriter error) => this.error = error;

    public CancellationToken Token => source.Token;

    /// <summary>128 plus the signal's number where one came, as shells have it; else null.</summary>
    public int? ExitCode => code == 0 ? null : code;

    public static Interrupts Listen(TextWriter error)
    {
        Interrupts interrupts = new(error);
        interrupts.registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => interrupts.Handle(context, Hosting.ExitCode.Interrupted)));
        interrupts.registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => interrupts.Handle(context, 128 + 15)));
        return interrupts;
    }

    private void Handle(PosixSignalContext context, int signalCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref code, signalCode, 0) != 0) Environment.Exit(signalCode);
        error.WriteLine("Stopping. Press Ctrl-C again to quit at once.");
        source.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
