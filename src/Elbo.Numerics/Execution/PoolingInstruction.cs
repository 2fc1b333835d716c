using System.Numerics;

namespace Elbo.Numerics;

/// <summary>Pooling of images, a share of the planes per part.</summary>
internal sealed unsafe class PoolingInstruction<T> : Instruction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PartElements = 16_384;

    private readonly PoolingKind _kind;
    private readonly TileOperand[] _operands;
    private readonly PlanBuffer _result;
    private readonly PoolingPlane _plane;
    private readonly int _planes;

    public PoolingInstruction(Tensor node, PoolingOperation operation, TileOperand[] operands, PlanBuffer result)
    {
        Shape images = operation.Kind == PoolingKind.AverageSpread ? operation.Result : node.Inputs[0].Shape;
        _kind = operation.Kind;
        _operands = operands;
        _result = result;
        _plane = new PoolingPlane(images[2], images[3], operation.Size, operation.Stride);
        _planes = images[0] * images[1];
        Parts = Math.Clamp(Math.Min(_planes, images.ElementCount / PartElements), 1, 16);
    }

    public override string Description => $"pool {_kind} {_planes} planes {_plane.Height}x{_plane.Width}, window {_plane.Size}, stride {_plane.Stride}";

    public override void Bind() { }

    public override void Execute(int part, int worker)
    {
        nint image = _plane.Height * _plane.Width;
        nint pooled = _plane.PooledHeight * _plane.PooledWidth;
        T* first = Address(_operands[0]);
        T* second = _operands.Length > 1 ? Address(_operands[1]) : null;
        T* result = (T*)_result.Address;
        for (nint i = (nint)((long)_planes * part / Parts); i < (nint)((long)_planes * (part + 1) / Parts); i++)
        {
            switch (_kind)
            {
                case PoolingKind.Average:
                    PoolingKernels<T>.Average(_plane, first + (i * image), result + (i * pooled));
                    break;
                case PoolingKind.AverageSpread:
                    PoolingKernels<T>.AverageSpread(_plane, first + (i * pooled), result + (i * image));
                    break;
                case PoolingKind.Maximum:
                    PoolingKernels<T>.Maximum(_plane, first + (i * image), result + (i * pooled));
                    break;
                case PoolingKind.MaximumScatter:
                    PoolingKernels<T>.MaximumScatter(_plane, first + (i * image), second + (i * pooled), result + (i * image));
                    break;
                default:
                    PoolingKernels<T>.MaximumGather(_plane, first + (i * image), second + (i * image), result + (i * pooled));
                    break;
            }
        }
    }

    private static T* Address(TileOperand operand) => (T*)operand.Buffer!.Address + operand.Offset;
}
