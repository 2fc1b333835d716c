using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Elbo.Numerics.Tests;

/// <summary>Runs the kernel tests again in processes that hide the wider vectors, as machines without them would.</summary>
public sealed class ForcedWidthTests
{
    private const string Child = "ELBO_TESTS_FORCED_WIDTH";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "Vector256")]
    [InlineData("DOTNET_EnableAVX2", "Vector128")]
    [InlineData("DOTNET_EnableHWIntrinsic", "Scalar")]
    public async Task Kernel_tests_pass_without_the_instructions(string switchedOff, string widest)
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Assert.Skip("already in a child process");
        if (!Vector512.IsHardwareAccelerated && switchedOff == "DOTNET_EnableAVX512")
            Assert.Skip("this machine has no 512-bit vectors to hide");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Elbo.Numerics.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "-trait", "Category=Kernel", "-noLogo", "-noColor" })
            start.ArgumentList.Add(argument);
        start.Environment[switchedOff] = "0";
        start.Environment[Child] = widest;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
    }

    [Fact]
    [Trait("Category", "Kernel")]
    public void A_child_process_sees_the_width_it_was_promised()
    {
        var expected = Environment.GetEnvironmentVariable(Child);
        if (expected is null)
            Assert.Skip("only in a child process");
        Assert.Equal(expected, VectorWidths.Widest.ToString());
    }
}
