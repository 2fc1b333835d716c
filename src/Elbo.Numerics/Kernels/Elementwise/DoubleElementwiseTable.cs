namespace Elbo.Numerics;

/// <summary>The double loops of one width, by opcode.</summary>
internal static unsafe class DoubleElementwiseTable<TLanes, TVector>
    where TLanes : struct, IElementLanes<TVector, double>
    where TVector : unmanaged
{
    public static delegate*<double*, double*, int, void> Unary(UnaryOpcode opcode) => opcode switch
    {
        UnaryOpcode.Negate => &UnaryLoop<NegateOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Abs => &UnaryLoop<AbsOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Sign => &UnaryLoop<SignOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Square => &UnaryLoop<SquareOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Sqrt => &UnaryLoop<SqrtOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Reciprocal => &UnaryLoop<ReciprocalOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.ReciprocalSqrt => &UnaryLoop<ReciprocalSqrtOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Floor => &UnaryLoop<FloorOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Round => &UnaryLoop<RoundOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Exp => &UnaryLoop<ExpOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Expm1 => &UnaryLoop<Expm1Operator, TLanes, TVector, double>.Run,
        UnaryOpcode.Log => &UnaryLoop<LogOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Log1p => &UnaryLoop<Log1pOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Sin => &UnaryLoop<SinOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Cos => &UnaryLoop<CosOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Relu => &UnaryLoop<ReluOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Tanh => &UnaryLoop<TanhOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Sigmoid => &UnaryLoop<SigmoidOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Softplus => &UnaryLoop<SoftplusOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.LogSigmoid => &UnaryLoop<LogSigmoidOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Silu => &UnaryLoop<SiluOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Gelu => &UnaryLoop<GeluOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Erf => &UnaryLoop<ErfOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Erfc => &UnaryLoop<ErfcOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.NormalQuantile => &UnaryLoop<NormalQuantileOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.LogGamma => &UnaryLoop<LogGammaOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Digamma => &UnaryLoop<DigammaOperator, TLanes, TVector, double>.Run,
        UnaryOpcode.Trigamma => &UnaryLoop<TrigammaOperator, TLanes, TVector, double>.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of one variable."),
    };

    public static delegate*<double*, double*, double*, int, void> Binary(BinaryOpcode opcode, BinaryOperands operands) => opcode switch
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
        BinaryOpcode.Power => Variant<PowerOperator>(operands),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of two variables."),
    };

    public static delegate*<double*, double*, double*, double*, int, int, void> Ternary(TernaryOpcode opcode) => opcode switch
    {
        TernaryOpcode.Select => &TernaryLoop<SelectOperator, TLanes, TVector, double>.Run,
        TernaryOpcode.MultiplyAdd => &TernaryLoop<MultiplyAddOperator, TLanes, TVector, double>.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "There is no loop for this function of three variables."),
    };

    private static delegate*<double*, double*, double*, int, void> Variant<TOperator>(BinaryOperands operands)
        where TOperator : struct, IBinaryOperator<double> => operands switch
        {
            BinaryOperands.VectorVector => &BinaryLoop<TOperator, TLanes, TVector, double>.VectorVector,
            BinaryOperands.VectorScalar => &BinaryLoop<TOperator, TLanes, TVector, double>.VectorScalar,
            BinaryOperands.ScalarVector => &BinaryLoop<TOperator, TLanes, TVector, double>.ScalarVector,
            _ => throw new ArgumentOutOfRangeException(nameof(operands), operands, "Unknown arrangement of operands."),
        };
}
