namespace Elbo.Numerics.Tests;

/// <summary>Grows random graphs that mix fusible chains, views, reductions, products and updates, squashed now and then so that rounding errors stay small.</summary>
internal sealed class RandomGraph
{
    private static readonly Shape[] Shapes = [[6], [4, 6], [4, 1], [6, 4], [3, 4, 6], [24], [1], [40, 70], [70], [40, 1], [2, 2100], [2, 1], [5000]];

    private readonly Random _random;
    private readonly List<Tensor> _nodes = [];

    public RandomGraph(int seed, int size)
    {
        _random = new Random(seed);
        AddLeaf(0, Shape.Scalar);
        for (int i = 1; i < 5; i++) AddLeaf(i, Pick(Shapes));
        for (int i = 0; i < 3; i++)
        {
            Variable variable = new($"v{i}", Pick(Shapes));
            Variables.Add(variable);
            _nodes.Add(variable.Value);
            Values[variable.Value] = Numbers(variable.Shape.ElementCount);
        }

        for (int i = 0; i < size; i++) Grow();
        Outputs = [.. Enumerable.Range(0, 4).Select(_ => Pick(_nodes))];
        foreach (Variable variable in Variables)
        {
            Tensor[] fitting = [.. _nodes.Where(node => node.Shape.Equals(variable.Shape))];
            Tensor value = _random.Next(3) == 0 ? Pick(fitting) : (variable.Value * 0.5 + Pick(fitting)).Tanh();
            Updates.Add(new Update(variable, value));
        }

        Tensor scalar = Pick(_nodes).Tanh().Sum() + Pick(_nodes).Tanh().Mean();
        Outputs = [.. Outputs, .. scalar.Gradients([.. Variables.Select(variable => variable.Value)])];
    }

    public List<Variable> Variables { get; } = [];

    public List<Update> Updates { get; } = [];

    public Tensor[] Outputs { get; private set; }

    public List<Tensor> Inputs { get; } = [];

    public Dictionary<Tensor, double[]> Values { get; } = [];

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() * 4 - 2)];

    private void AddLeaf(int i, Shape shape)
    {
        Tensor input = Tensor.Input($"x{i}", shape);
        Inputs.Add(input);
        Values[input] = Numbers(input.Shape.ElementCount);
        _nodes.Add(input);
    }

    private void Grow()
    {
        Tensor x = Pick(_nodes);
        Tensor? grown = _random.Next(18) switch
        {
            0 => x.Tanh(),
            1 => x.Sigmoid(),
            2 => x * (_random.NextDouble() - 0.5),
            3 => x.Relu() - 0.25,
            4 => (x.Abs() + 0.05).Sqrt(),
            5 => -x,
            6 or 7 or 8 => Combine(x, Pick(_nodes)),
            9 => x.Shape.Rank > 0 ? x.Sum(_random.Next(x.Shape.Rank), _random.Next(2) == 0).Tanh() : null,
            10 => x.Shape.Rank > 0 ? x.Max(-1, true) : null,
            11 => x.Shape.Rank >= 2 ? x.TransposeLast() : null,
            12 => x.Shape.Rank >= 1 ? Part(x) : null,
            13 => x.Reshape([x.Shape.ElementCount]),
            14 => Product(x),
            15 => Average(x),
            16 => AdaptiveStep(x),
            _ => x.Shape.ElementCount < 500 ? x.BroadcastTo([3, .. x.Shape]) : null,
        };
        if (grown is not null && grown.Shape.ElementCount <= 20000) _nodes.Add(grown);
    }

    private Tensor? Combine(Tensor a, Tensor b)
    {
        try
        {
            return _random.Next(6) switch
            {
                0 => a + b,
                1 => a - b,
                2 => a * b,
                3 => a.Maximum(b),
                4 => Tensor.Where(a.Greater(b), a, b * 0.5),
                _ => a * b + Pick(_nodes.Where(node => node.Shape.Equals(Shape.Broadcast(a.Shape, b.Shape))).DefaultIfEmpty(a).ToArray()),
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Tensor Average(Tensor x)
    {
        Tensor other = Pick([.. _nodes.Where(node => node.Shape.Equals(x.Shape))]);
        Tensor weight = Pick([.. _nodes.Where(node => node.Shape.ElementCount == 1)]);
        return _random.Next(3) switch
        {
            0 => x * 0.9 + other.Square() * 0.1,
            1 => other.Square() * weight + x * 0.5,
            _ => weight * x + other * 0.25,
        };
    }

    private Tensor AdaptiveStep(Tensor x)
    {
        Tensor other = Pick([.. _nodes.Where(node => node.Shape.Equals(x.Shape))]), square = (other.Square() + 0.3) * 0.5;
        Tensor rate = Pick([.. _nodes.Where(node => node.Shape.ElementCount == 1)]);
        return _random.Next(2) == 0 ? x - rate * other / (square.Sqrt() * 1.5 + 0.1) : x - other * 0.1 / (square.Sqrt() + 0.1);
    }

    private Tensor Part(Tensor x)
    {
        int axis = _random.Next(x.Shape.Rank), start = _random.Next(x.Shape[axis]), size = 1 + _random.Next(x.Shape[axis] - start);
        Tensor part = x.Slice(axis, start, size);
        if (_random.Next(2) == 0) return part;
        int[] before = new int[x.Shape.Rank], after = new int[x.Shape.Rank];
        before[axis] = start;
        after[axis] = x.Shape[axis] - start - size;
        return _random.Next(2) == 0 ? part.Pad(before, after) : Tensor.Concatenate(axis, part, x);
    }

    private Tensor? Product(Tensor x)
    {
        if (x.Shape.Rank < 2) return null;
        bool left = _random.Next(2) == 0;
        int wanted = left ? x.Shape[-2] : x.Shape[-1];
        Tensor? other = _nodes.FirstOrDefault(node => node.Shape.Rank == x.Shape.Rank && node.Shape[-2] == wanted && node.Shape.Rank == 2);
        return other is null ? x.MatMul(x, false, true).Tanh() : x.MatMul(other, left, false).Tanh();
    }
}
