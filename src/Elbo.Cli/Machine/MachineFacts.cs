using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Elbo.Cli.Machine;

/// <summary>What a result may depend on in its speed: processor, vectors, memory, system.</summary>
internal sealed record MachineFacts(string Processor, int Threads, int VectorBits, long MemoryBytes, string System, string Runtime)
{
    public static MachineFacts Read() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    public string Vectors => VectorBits == 0 ? "none" : $"{VectorBits} bits";

    private static string ProcessorName()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
                if (line.StartsWith("model name", StringComparison.Ordinal)) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only Linux has this file.
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
