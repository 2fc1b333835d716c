using Elbo.Numerics;

namespace Elbo.Report;

/// <summary>Turns the graph between a latent vector and a picture into the steps of a <see cref="DecoderNetwork"/>.</summary>
internal sealed class DecoderTrace
{
    private readonly VariableStore<float> variables;
    private readonly bool precise;
    private readonly HashSet<Tensor> dependent = [];
    private readonly Dictionary<Tensor, int> places = [];
    private readonly List<DecoderStep> steps = [];

    public DecoderTrace(Tensor latent, Tensor mean, VariableStore<float> variables, bool precise)
    {
        (this.variables, this.precise) = (variables, precise);
        List<Tensor> order = GraphOrder.Of([mean]);
        dependent.Add(latent);
        foreach (Tensor node in order)
            if (Array.Exists(node.Inputs, dependent.Contains)) dependent.Add(node);
        // A model that ignores its code still has a picture.
        if (!dependent.Contains(mean)) Add(mean, Constant(mean));
        foreach (Tensor node in order)
        {
            if (!dependent.Contains(node)) continue;
            foreach (Tensor input in node.Inputs)
                if (!places.ContainsKey(input)) Add(input, Constant(input));
            Add(node, ReferenceEquals(node, latent) ? new InputStep { Shape = Extents(node) } : Step(node));
        }
    }

    public IReadOnlyList<DecoderStep> Steps => steps;

    private void Add(Tensor node, DecoderStep step)
    {
        places.Add(node, steps.Count);
        steps.Add(step);
    }

    private DecoderStep Step(Tensor node)
    {
        int[] shape = Extents(node);
        int[] inputs = Array.ConvertAll(node.Inputs, input => places[input]);
        return node.Operation switch
        {
            UnaryOperation unary => new ElementwiseStep { Shape = shape, Inputs = inputs, Name = Known(unary.Label, PageFunctions.Unary) },
            BinaryOperation binary => new ElementwiseStep { Shape = shape, Inputs = inputs, Name = Known(binary.Label, PageFunctions.Binary) },
            SelectOperation => new ElementwiseStep { Shape = shape, Inputs = inputs, Name = "select" },
            MatMulOperation product => new MatrixProductStep { Shape = shape, Inputs = inputs, TransposeLeft = product.TransposeLeft, TransposeRight = product.TransposeRight },
            ConvolutionOperation { Kind: not ConvolutionKind.Filters } convolution => new ConvolutionStep
            {
                Shape = shape,
                Inputs = inputs,
                Transposed = convolution.Kind == ConvolutionKind.Images,
                Stride = convolution.Stride,
                Padding = convolution.Padding,
            },
            ReduceOperation reduce => new ReduceStep { Shape = shape, Inputs = inputs, Maximum = reduce.Kind == ReduceKind.Maximum },
            ReshapeOperation => new ReshapeStep { Shape = shape, Inputs = inputs },
            BroadcastOperation => new BroadcastStep { Shape = shape, Inputs = inputs },
            TransposeOperation transpose => new TransposeStep { Shape = shape, Inputs = inputs, Permutation = [.. transpose.Permutation] },
            SliceOperation slice => new SliceStep { Shape = shape, Inputs = inputs, Starts = [.. slice.Starts] },
            PadOperation pad => new PadStep { Shape = shape, Inputs = inputs, Before = [.. pad.Before] },
            ConcatenateOperation concatenate => new ConcatenateStep { Shape = shape, Inputs = inputs, Axis = concatenate.Axis },
            Operation other => throw Refuse(other.Name),
        };
    }

    private ConstantStep Constant(Tensor node) => new()
    {
        Shape = Extents(node),
        Values = new Weights(node.Operation switch
        {
            ConstantOperation { IsUniform: true } constant => [(float)constant.Values[0]],
            VariableOperation variable => Value(variable.Variable),
            _ => Fold(node),
        }, precise),
    };

    private float[] Value(Variable variable) => variables.Contains(variable)
        ? variables[variable].ToArray()
        : throw new ArgumentException($"The decoder's variable '{variable.Name}' has no value in the store; load the model's weights first.", nameof(variable));

    /// <summary>What depends on no input has one value: batch normalisation's factor, for example.</summary>
    private float[] Fold(Tensor node)
    {
        Dictionary<Tensor, double[]> known = [];
        foreach (Tensor leaf in GraphOrder.Of([node]))
        {
            if (leaf.Operation is VariableOperation variable) known.Add(leaf, Array.ConvertAll(Value(variable.Variable), value => (double)value));
            else if (leaf.Operation is InputOperation or RandomOperation) throw Refuse(leaf.Operation.Name);
        }

        return Array.ConvertAll(ReferenceEvaluator.Evaluate([node], known)[0], value => (float)value);
    }

    private static string Known(string function, IReadOnlyList<string> known) => known.Contains(function) ? function : throw Refuse(function);

    private static int[] Extents(Tensor node) => [.. node.Shape];

    private static ElboException Refuse(string operation) =>
        new($"The decoder holds the operation '{operation}', which a report's page cannot run; leave the decoder out and give decoded pictures instead.");
}
