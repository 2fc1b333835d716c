using System.Reflection;

namespace Elbo.Cli.Hosting;

/// <summary>The version of this build.</summary>
internal static class ToolVersion
{
    /// <summary>Major, minor and patch: <c>0.1.0</c>.</summary>
    public static string Text { get; } = Full.Split('+')[0];

    /// <summary>The version with the commit it was built from, where that is known: <c>0.1.0+1a2b3c4</c>.</summary>
    public static string Full =>
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
