namespace Elbo.Numerics;

/// <summary>The float loops of one width, by opcode.</summary>
internal static unsafe class SingleElementwiseTable<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
{
    public static delegate*<float*, float*, int, void> Unary(UnaryOpcode opcode) => opcode switch
    {
        UnaryOpcode.Negate => &UnaryLoop<NegateOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Abs => &UnaryLoop<AbsOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Sign => &UnaryLoop<SignOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Square => &UnaryLoop<SquareOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Sqrt => &UnaryLoop<SqrtOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Reciprocal => &UnaryLoop<ReciprocalOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.ReciprocalSqrt => &UnaryLoop<ReciprocalSqrtOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Floor => &UnaryLoop<FloorOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Round => &UnaryLoop<RoundOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Exp => &UnaryLoop<ExpOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Expm1 => &UnaryLoop<Expm1Operator, TLanes, TVector, float>.Run,
        UnaryOpcode.Log => &UnaryLoop<LogOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Log1p => &UnaryLoop<Log1pOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Sin => &UnaryLoop<SinOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Cos => &UnaryLoop<CosOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Relu => &UnaryLoop<ReluOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Tanh => &UnaryLoop<TanhOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Sigmoid => &UnaryLoop<SigmoidOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Softplus => &UnaryLoop<SoftplusOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.LogSigmoid => &UnaryLoop<LogSigmoidOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Silu => &UnaryLoop<SiluOperator, TLanes, TVector, float>.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of one variable."),
    };

    public static delegate*<float*, float*, float*, int, void> Binary(BinaryOpcode opcode, BinaryOperands operands) => opcode switch
    {
        BinaryOpcode.Add => Variant<AddOperator>(operands),
        BinaryOpcode.Subtract => Variant<SubtractOperator>(operands),
        BinaryOpcode.Multiply => Variant<MultiplyOperator>(operands),
        BinaryOpcode.Divide => Variant<DivideOperator>(operands),
        BinaryOpcode.Maximum => Variant<MaximumOperator>(operands),
        BinaryOpcode.Minimum => Variant<MinimumOperator>(operands),
        BinaryOpcode.Greater => Variant<GreaterOperator>(operands),
        BinaryOpcode.GreaterOrEqual => Variant<GreaterOrEqualOperator>(operands),
        BinaryOpcode.Equal => Variant<EqualOperator>(operands),
        BinaryOpcode.LogAddExp => Variant<LogAddExpOperator>(operands),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of two variables."),
    };

    public static delegate*<float*, float*, float*, float*, int, int, void> Ternary(TernaryOpcode opcode) => opcode switch
    {
        TernaryOpcode.Select => &TernaryLoop<SelectOperator, TLanes, TVector, float>.Run,
        TernaryOpcode.MultiplyAdd => &TernaryLoop<MultiplyAddOperator, TLanes, TVector, float>.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of three variables."),
    };

    private static delegate*<float*, float*, float*, int, void> Variant<TOperator>(BinaryOperands operands)
        where TOperator : struct, IBinaryOperator<float> => operands switch
        {
            BinaryOperands.VectorVector => &BinaryLoop<TOperator, TLanes, TVector, float>.VectorVector,
            BinaryOperands.VectorScalar => &BinaryLoop<TOperator, TLanes, TVector, float>.VectorScalar,
            BinaryOperands.ScalarVector => &BinaryLoop<TOperator, TLanes, TVector, float>.ScalarVector,
            _ => throw new ArgumentOutOfRangeException(nameof(operands), operands, "Unknown arrangement of operands."),
        };
}
