namespace Elbo.Cli.Tests.Commands;

public class DoctorVerbTests
{
    [Fact]
    public async Task Names_the_machine_and_measures_it()
    {
        ToolRun run = (await ToolRun.Of("doctor", "--json", "--threads", "1")).Succeeded();
        Assert.True(run.Json.GetProperty("oneThreadGflops").GetDouble() > 0);
        Assert.Equal("generated", run.Json.GetProperty("dataSets").GetProperty("digits").GetString());
        Assert.Contains("GFLOP/s", (await ToolRun.Of("doctor")).Succeeded().Out, StringComparison.Ordinal);
    }
}
