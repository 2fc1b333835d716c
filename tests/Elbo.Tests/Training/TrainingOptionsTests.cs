using System.Text.Json;
using Elbo.Numerics;
using Elbo.Storage;
using Elbo.Training;

namespace Elbo.Tests.Training;

public class TrainingOptionsTests
{
    [Fact]
    public void Json_reads_back_to_the_same_options()
    {
        TrainingOptions options = new(
            Samples: 10_000_000, BatchSize: 20, Optimizer: new Adam(1e-3, 0.99, 0.999, 1e-4, true, 1), Schedule: new CosineSchedule(3),
            Clipping: new Clipping(1), EarlyStopping: new EarlyStopping(3), Seed: ulong.MaxValue);
        string json = JsonSerializer.Serialize(options, TrainingJson.Default.TrainingOptions);
        Assert.Equal(options, StrictJson.Parse(json, TrainingJson.Default.TrainingOptions, "recipe.json"));
        Assert.Contains("\"kind\": \"adam\"", json);
    }

    [Fact]
    public void Schedules_nest()
    {
        const string json = """
            { "schedule": { "kind": "product", "parts": [ { "kind": "warm-up", "epochs": 2 }, { "kind": "milestones", "epochs": [1, 4], "factors": [0.72, 0.52] } ] } }
            """;
        ProductSchedule product = Assert.IsType<ProductSchedule>(StrictJson.Parse(json, TrainingJson.Default.TrainingOptions, "r").Schedule);
        Assert.Equal(new WarmupSchedule(0, 2), product.Parts[0]);
        Assert.Equal([0.72, 0.52], Assert.IsType<MilestoneSchedule>(product.Parts[1]).Factors!);
    }

    [Theory]
    [InlineData("sgd", typeof(Sgd), 0.01)]
    [InlineData("adagrad", typeof(Adagrad), 0.01)]
    [InlineData("rmsprop", typeof(RmsProp), 0.01)]
    [InlineData("adam", typeof(Adam), 0.001)]
    [InlineData("adamw", typeof(AdamW), 0.001)]
    [InlineData("adamax", typeof(Adamax), 0.002)]
    public void What_an_optimizer_leaves_out_has_its_default(string kind, Type type, double rate)
    {
        Optimizer optimizer = StrictJson.Parse($"{{ \"optimizer\": {{ \"kind\": \"{kind}\" }} }}", TrainingJson.Default.TrainingOptions, "r").Optimizer!;
        Assert.Equal(type, optimizer.GetType());
        Assert.Equal(rate, optimizer.LearningRate);
        optimizer.Validate();
    }

    [Theory]
    [InlineData("{ \"optimizer\": { \"kind\": \"adm\" } }", "'r': 'optimizer.kind' is 'adm', which is not known; did you mean 'adam'?")]
    [InlineData("{ \"optimizer\": { \"kind\": \"adam\", \"learningrate\": 1 } }", "'r': the key 'optimizer.learningrate' is unknown; did you mean 'learningRate'?")]
    [InlineData("{ \"optimizer\": { \"kind\": \"sgd\", \"beta1\": 0.9 } }", "'r': the key 'optimizer.beta1' is unknown; use one of learningRate, momentum, nesterov, weightDecay.")]
    [InlineData("{ \"optimizer\": { \"learningRate\": 1 } }", "'r': 'optimizer' is { \"learningRate\": 1 }, and an object that begins with \"kind\" (sgd, adagrad, rmsprop, adam, adamw, adamax) was expected.")]
    [InlineData("{ \"epoch\": 3 }", "'r': the key 'epoch' is unknown; did you mean 'epochs'?")]
    [InlineData("{ \"seed\": -1 }", "'r': 'seed' is -1, and a whole number of at least 0 was expected.")]
    public void Options_that_do_not_fit_are_refused_with_their_path(string json, string message) =>
        Assert.Equal(message, Assert.Throws<ElboException>(() => StrictJson.Parse(json, TrainingJson.Default.TrainingOptions, "r")).Message);

    [Fact]
    public void Budgets_become_steps()
    {
        Assert.Equal(500, new TrainingOptions(5).PlannedSteps(100));
        Assert.Equal(250, new TrainingOptions(2.5).PlannedSteps(100));
        Assert.Equal(7, new TrainingOptions(Steps: 7).PlannedSteps(100));
        Assert.Equal(100_000, new TrainingOptions(Samples: 10_000_000).PlannedSteps(600));
        Assert.Equal(11, new TrainingOptions(Samples: 101, BatchSize: 10).PlannedSteps(600));
    }
}
