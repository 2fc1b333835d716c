using System.Diagnostics;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests;

/// <summary>The tool in a process of its own, for what one process cannot show: kills, signals, startup.</summary>
internal static class ToolProcess
{
    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo info = new(Host) { RedirectStandardOutput = true, RedirectStandardError = true };
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
