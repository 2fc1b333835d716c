using System.Diagnostics;
using System.Globalization;
using Elbo.Cli.Hosting;
using Elbo.Cli.Output;
using Elbo.Training;
using Spectre.Console;
using Text = Elbo.Cli.Output.Text;

namespace Elbo.Cli.Display;

/// <summary>Shows how far long work is: a bar for a person, lines now and then for a file, nothing when asked for quiet.</summary>
internal static class Live
{
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs training and shows its progress.</summary>
    public static T Train<T>(Terminal terminal, bool quiet, Func<IProgress<TrainingProgress>?, T> work)
    {
        if (quiet) return work(null);
        if (terminal.IsInteractive) return Bar(terminal, task => work(new Forward<TrainingProgress>(value => task((double)value.Step / value.Steps, Describe(value, isShort: true)))));
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan? last = null;
        return work(new Forward<TrainingProgress>(value =>
        {
            bool ends = value.FinishedEpoch is not null && (last is null || value.Step == value.Steps);
            if (!ends && clock.Elapsed - (last ?? TimeSpan.Zero) < PlainPause) return;
            last = clock.Elapsed;
            terminal.Error.WriteLine(Describe(value));
        }));
    }

    /// <summary>Runs work that tells its finished fraction.</summary>
    public static T Work<T>(Terminal terminal, bool quiet, string title, Func<IProgress<double>?, T> work)
    {
        if (quiet) return work(null);
        if (terminal.IsInteractive) return Bar(terminal, task => work(new Forward<double>(fraction => task(fraction, title))));
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan last = TimeSpan.Zero;
        return work(new Forward<double>(fraction =>
        {
            if (clock.Elapsed - last < PlainPause) return;
            last = clock.Elapsed;
            terminal.Error.WriteLine($"{title}: {Text.Percent(fraction)}, {Text.Time((1 - fraction) / fraction * clock.Elapsed)} left");
        }));
    }

    /// <summary>One line on where training stands; the short form fits beside a bar on a narrow terminal.</summary>
    public static string Describe(TrainingProgress value, bool isShort = false)
    {
        string epochs = string.Create(CultureInfo.InvariantCulture, $"epoch {Math.Min(value.Epoch, value.Epochs):0.0}/{value.Epochs:0.#}");
        string bound = value switch
        {
            { Elbo: { } elbo, Reconstruction: { } part, Kl: { } kl } => isShort
                ? $"  ELBO {Text.Nats(elbo)}  rec {Text.Nats(part)}  KL {Text.Nats(kl)}"
                : $"  ELBO {Text.Nats(elbo)} (reconstruction {Text.Nats(part)}, KL {Text.Nats(kl)})",
            { Reconstruction: { } part } => $"  reconstruction {Text.Nats(part)}",
            _ => "",
        };
        string validation = !isShort && value.FinishedEpoch?.Validation is { } measured && measured.TryGetValue("elbo", out double[]? held) ? $"  validation {Text.Nats(held[0])}" : "";
        // Nothing is known of the rate before the first steps were timed.
        string rate = value.RowsPerSecond > 0 ? $"  {Text.Count((long)value.RowsPerSecond)} rows/s  {Text.Time(value.TimeLeft)} left" : "";
        return epochs + bound + validation + rate;
    }

    private static T Bar<T>(Terminal terminal, Func<Action<double, string>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns([.. console.Profile.Width >= 110 ? [new ProgressBarColumn { Width = 20 }] : (ProgressColumn[])[], new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }])
            .Start(context =>
            {
                ProgressTask task = context.AddTask("compiling", maxValue: 1);
                return work((fraction, description) =>
                {
                    task.Value = fraction;
                    task.Description = Markup.Escape(description);
                });
            });
    }

    /// <summary>Reports at once and on the caller's thread, unlike <see cref="System.Progress{T}"/>, whose reports may arrive after the work.</summary>
    private sealed class Forward<T>(Action<T> handle) : IProgress<T>
    {
        public void Report(T value) => handle(value);
    }
}
