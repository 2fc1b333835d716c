namespace Elbo.Numerics;

/// <summary>A number that the compiler knows: a type per value, so that generic code specialises on it.</summary>
internal interface IConstant
{
    static abstract int Value { get; }
}

internal struct Zero : IConstant
{
    public static int Value => 0;
}

internal struct One : IConstant
{
    public static int Value => 1;
}

internal struct Two : IConstant
{
    public static int Value => 2;
}

internal struct Three : IConstant
{
    public static int Value => 3;
}

internal struct Four : IConstant
{
    public static int Value => 4;
}

internal struct Five : IConstant
{
    public static int Value => 5;
}

internal struct Six : IConstant
{
    public static int Value => 6;
}

internal struct Seven : IConstant
{
    public static int Value => 7;
}

internal struct Eight : IConstant
{
    public static int Value => 8;
}

internal struct Nine : IConstant
{
    public static int Value => 9;
}

internal struct Ten : IConstant
{
    public static int Value => 10;
}

internal struct Eleven : IConstant
{
    public static int Value => 11;
}

internal struct Twelve : IConstant
{
    public static int Value => 12;
}

internal struct Thirteen : IConstant
{
    public static int Value => 13;
}

internal struct Fourteen : IConstant
{
    public static int Value => 14;
}
