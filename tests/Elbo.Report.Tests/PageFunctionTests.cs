using System.Reflection;
using System.Text.RegularExpressions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Report.Tests;

/// <summary>The page's decoder and the engine know the same functions by the same names, and compute the same.</summary>
public sealed class PageFunctionTests(Browser browser) : IClassFixture<Browser>
{
    // Functions that no decoder is made of, which a page need not carry.
    private static readonly string[] Left = ["loggamma", "digamma", "trigamma", "normalquantile", "gammalogquantile", "gammalogquantileslope"];

    [Fact]
    public void The_functions_of_the_page_are_those_of_the_engine_but_for_the_special_ones()
    {
        string[] unary = Labels<UnaryOperation>(typeof(Unary), operation => operation.Label), binary = Labels<BinaryOperation>(typeof(Binary), operation => operation.Label);
        Assert.All(Left, name => Assert.Contains(name, unary.Concat(binary)));
        Assert.Equal(unary.Except(Left).Order(), PageFunctions.Unary.Order());
        Assert.Equal(binary.Except(Left).Order(), PageFunctions.Binary.Order());
    }

    [Theory]
    [InlineData("UNARY")]
    [InlineData("BINARY")]
    public void The_functions_in_the_page_s_source_are_those_that_the_writer_lets_through(string table)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "web", "src", "decoder", "elementwise.ts"))) folder = Path.GetDirectoryName(folder);
        Assert.SkipWhen(folder is null, "the tests do not run inside the repository");
        string source = File.ReadAllText(Path.Combine(folder!, "web", "src", "decoder", "elementwise.ts"));
        Match body = Regex.Match(source, $@"const {table}: Record<[^\n]*\{{\n(.*?)\n\}};", RegexOptions.Singleline);
        Assert.True(body.Success, $"elementwise.ts has no table {table}");
        string[] names = [.. Regex.Matches(body.Groups[1].Value, @"^  (\w+)[:,]", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.Equal((table == "UNARY" ? PageFunctions.Unary : PageFunctions.Binary).Order(), names.Order());
    }

    [Fact]
    public async Task Every_function_and_every_activation_has_the_engine_s_values_in_the_page()
    {
        // A pixel for each: tanh brings any value between 0 and 1, whatever the function's range. Arguments where all are defined, on both sides of every kink.
        List<(string Name, Func<Tensor, Tensor> Apply)> functions = [.. Enum.GetValues<ActivationKind>().Select(kind => (kind.ToString(), (Func<Tensor, Tensor>)(x => Activation.Apply(kind, x))))];
        foreach (UnaryOperation operation in Operations<UnaryOperation>(typeof(Unary)).Where(operation => !Left.Contains(operation.Label)))
        {
            bool positive = operation.Label is "log" or "sqrt" or "rsqrt" or "reciprocal" or "log1p";
            functions.Add((operation.Label, x => Tensor.Create(operation, positive ? x.Square() + 0.3 : x)));
        }

        foreach (BinaryOperation operation in Operations<BinaryOperation>(typeof(Binary)).Where(operation => !Left.Contains(operation.Label)))
            functions.Add((operation.Label, x => Tensor.Create(operation, x.Square() + 0.3, (x * 0.7 + 1.1).Exp())));
        Tensor Decode(Tensor z) => Tensor.Concatenate(-1, [.. functions.Select(function => (function.Apply(z.Slice(-1, 0, 1) * 1.7) * 0.4).Tanh() * 0.45 + 0.5)]);

        using VariableStore<float> store = new();
        DecoderNetwork network = DecoderNetwork.Trace(Decode, 2, 1, 1, functions.Count, store);
        await using var opened = await browser.Open(path => ReportWriter.Write(FakeReports.Minimal() with { Decoder = network, Sections = [FakeSections.Plane(2) with { GridSize = 2 }] }, path));
        const string Decoded = "[data-kind=latent-plane] canvas.decoded", Plane = "[data-kind=latent-plane] canvas.plane";
        await opened.MoveTo(Plane, 0.5, 0.5);
        await opened.Page.Mouse.DownAsync();
        foreach (double place in new[] { 0.06, 0.31, 0.62, 0.9 })
        {
            await opened.MoveTo(Plane, place, 0.5);
            double[] z = System.Text.Json.JsonSerializer.Deserialize<double[]>((await opened.Page.GetAttributeAsync(Decoded, "data-z"))!)!;
            byte[] pixels = await opened.Pixels(Decoded);
            Tensor input = Tensor.Input("code", [1, 2]);
            double[] expected = ReferenceEvaluator.Evaluate([Decode(input)], new Dictionary<Tensor, double[]> { [input] = z })[0];
            for (int i = 0; i < functions.Count; i++)
                Assert.True(Math.Abs(pixels[4 * i] - 255 * expected[i]) < 1.1, $"{functions[i].Name} at {1.7 * z[0]} is {pixels[4 * i]} in the page, {255 * expected[i]:F1} in C#");
        }

        Assert.Empty(opened.Complaints);
    }

    private static T[] Operations<T>(Type page) => [.. page.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<T>()];

    private static string[] Labels<T>(Type page, Func<T, string> label) => [.. Operations<T>(page).Select(label)];
}
