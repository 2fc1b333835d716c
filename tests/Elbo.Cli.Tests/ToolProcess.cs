using System.Diagnostics;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests;

/// <summary>The tool in a process of its own, for what one process cannot show: kills, signals, startup.</summary>
internal static class ToolProcess
{
    public static Process Start(params string[] arguments) => Run(new ProcessStartInfo(Host), arguments);

    /// <summary>
    /// Starts the tool so that it hears an interrupt. A shell without job control starts what it puts into the background with SIGINT
    /// ignored, and children inherit that; so does this test when it runs there.
    /// </summary>
    public static Process StartHearingInterrupts(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return Start(arguments);
        ProcessStartInfo info = new("env") { ArgumentList = { "--default-signal=INT", Host } };
        return Run(info, arguments);
    }

    private static Process Run(ProcessStartInfo info, string[] arguments)
    {
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.ArgumentList.Add(typeof(ToolHost).Assembly.Location);
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        Process process = Process.Start(info)!;
        // Nobody reads the pipes of a killed run; full ones would stop the others.
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The dotnet that runs the tests.</summary>
    public static string Host { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
