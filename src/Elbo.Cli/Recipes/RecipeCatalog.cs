using System.Reflection;
using Elbo.Cli.Hosting;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Recipes;

/// <summary>The recipes that the tool carries, by name, and those in files, by path.</summary>
internal static class RecipeCatalog
{
    public const string Default = "vae";
    private const string Prefix = "recipes/";
    private const string Suffix = ".json";

    /// <summary>The names of the built-in recipes: the default first, then by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static name => name[Prefix.Length..^Suffix.Length])
            .OrderBy(static name => name != Default).ThenBy(static name => name, StringComparer.Ordinal),
    ];

    private static Assembly Assembly => typeof(RecipeCatalog).Assembly;

    /// <summary>The text of a recipe, as written by a person.</summary>
    /// <param name="nameOrPath">A built-in recipe's name, or a file's path.</param>
    /// <exception cref="UsageException">There is neither; the message names the nearest.</exception>
    public static string ReadText(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
        {
            using Stream stream = Assembly.GetManifestResourceStream(Prefix + nameOrPath + Suffix)!;
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }

        if (Directory.Exists(nameOrPath)) throw new UsageException($"'{nameOrPath}' is a folder, and a recipe was expected; name a file in it, such as '{Path.Combine(nameOrPath, "recipe.json")}'.");
        if (File.Exists(nameOrPath))
        {
            try
            {
                return File.ReadAllText(nameOrPath);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ElboException($"The recipe '{nameOrPath}' cannot be read: {exception.Message.TrimEnd('.')}; check its permissions.", exception);
            }
        }

        if (nameOrPath.EndsWith(Suffix, StringComparison.Ordinal) || nameOrPath.Contains('/', StringComparison.Ordinal))
            throw new UsageException($"The recipe file '{nameOrPath}' does not exist; check the path, or use a built-in recipe ({string.Join(", ", Names)}).");
        if (Studies.StudyList.Find(nameOrPath) is { } study)
            throw new UsageException($"'{study.Name}' is a study, not a recipe of one fit; run it with 'elbo reproduce {study.Name}'.");
        throw new UsageException($"There is no recipe '{nameOrPath}'{NearestName.Suggestion(nameOrPath, [.. Names, .. Studies.StudyList.All.Select(static known => known.Name)])}");
    }

    /// <summary>What to call a recipe in messages.</summary>
    public static string Title(string nameOrPath) => Names.Contains(nameOrPath) ? $"recipe {nameOrPath}" : nameOrPath;

    public static Recipe Load(string nameOrPath) => RecipeFile.Parse(ReadText(nameOrPath), Title(nameOrPath));
}
