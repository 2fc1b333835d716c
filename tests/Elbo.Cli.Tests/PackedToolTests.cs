using System.Diagnostics;
using System.IO.Compression;
using Elbo.Cli.Hosting;

namespace Elbo.Cli.Tests;

public class PackedToolTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    [Fact]
    public async Task The_packed_tool_installs_from_a_folder_and_runs()
    {
        string project = Path.Combine(SolutionFolder(), "src", "Elbo.Cli", "Elbo.Cli.csproj");
        using TemporaryFolder folder = new();
        await Dotnet(folder.Root, "pack", project, "--configuration", Configuration, "--no-build", "--nologo", "--output", folder["packages"]);

        using (ZipArchive package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(folder["packages"], "*.nupkg")), TestContext.Current.CancellationToken))
            Assert.Contains(package.Entries, static entry => entry.FullName == "README.md");

        // No other source of packages: the package must hold all that the tool needs.
        await File.WriteAllTextAsync(folder["nuget.config"], $"""<configuration><packageSources><clear /><add key="packed" value="{folder["packages"]}" /></packageSources></configuration>""", TestContext.Current.CancellationToken);
        await Dotnet(folder.Root, "tool", "install", "Elbo.Cli", "--tool-path", folder["tool"], "--configfile", folder["nuget.config"]);
        string tool = Path.Combine(folder["tool"], OperatingSystem.IsWindows() ? "elbo.exe" : "elbo");
        Assert.Equal(ToolVersion.Text, (await Run(folder.Root, tool, "--version")).Trim());
        Assert.Contains("aevb", await Run(folder.Root, tool, "recipes", "list"), StringComparison.Ordinal);
        Assert.Contains("ELBO", await Run(folder.Root, tool, Small.Fit("runs", "--name", "first")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["runs"], "first", "report.html")));
    }

    private static string SolutionFolder()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Elbo.slnx"))) return folder;
        Assert.Skip("The tests do not run from a checkout, so there is no project to pack.");
        return "";
    }

    private static Task<string> Dotnet(string folder, params string[] arguments) => Run(folder, ToolProcess.Host, arguments);

    private static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo info = new(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        // The test host's own settings must not reach the build it starts.
        foreach (string name in info.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) info.Environment.Remove(name);
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await error}");
        return await output;
    }
}
