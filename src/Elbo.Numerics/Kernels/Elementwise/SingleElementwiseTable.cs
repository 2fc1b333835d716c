namespace Elbo.Numerics;

/// <summary>The float loops of one width, by opcode.</summary>
internal static unsafe class SingleElementwiseTable<TLanes, TVector, TDoubleLanes, TDoubleVector>
    where TLanes : struct, IElementLanes<TVector, float>
    where TVector : unmanaged
    where TDoubleLanes : struct, IElementLanes<TDoubleVector, double>
    where TDoubleVector : unmanaged
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
        UnaryOpcode.Gelu => &UnaryLoop<GeluOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Erf => &UnaryLoop<ErfOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.Erfc => &UnaryLoop<ErfcOperator, TLanes, TVector, float>.Run,
        UnaryOpcode.NormalQuantile => &WideningUnaryLoop<NormalQuantileOperator, TDoubleLanes, TDoubleVector>.Run,
        UnaryOpcode.LogGamma => &WideningUnaryLoop<LogGammaOperator, TDoubleLanes, TDoubleVector>.Run,
        UnaryOpcode.Digamma => &WideningUnaryLoop<DigammaOperator, TDoubleLanes, TDoubleVector>.Run,
        UnaryOpcode.Trigamma => &WideningUnaryLoop<TrigammaOperator, TDoubleLanes, TDoubleVector>.Run,
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
        BinaryOpcode.Power => WideningVariant<PowerOfSingleOperator>(operands),
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

    private static delegate*<float*, float*, float*, int, void> WideningVariant<TOperator>(BinaryOperands operands)
        where TOperator : struct, IBinaryOperator<double> => operands switch
        {
            BinaryOperands.VectorVector => &WideningBinaryLoop<TOperator, TDoubleLanes, TDoubleVector>.VectorVector,
            BinaryOperands.VectorScalar => &WideningBinaryLoop<TOperator, TDoubleLanes, TDoubleVector>.VectorScalar,
            BinaryOperands.ScalarVector => &WideningBinaryLoop<TOperator, TDoubleLanes, TDoubleVector>.ScalarVector,
            _ => throw new ArgumentOutOfRangeException(nameof(operands), operands, "Unknown arrangement of operands."),
        };
}
