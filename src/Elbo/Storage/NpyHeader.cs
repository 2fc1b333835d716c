using System.Globalization;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Storage;

/// <summary>The header of an npy file: a Python dictionary literal with the keys descr, fortran_order and shape.</summary>
internal readonly record struct NpyHeader(NumericType Type, bool BigEndian, bool FortranOrder, int[] Shape)
{
    public static NpyHeader Parse(string text, string name)
    {
        Cursor cursor = new(text, name);
        string? descriptor = null;
        bool? fortranOrder = null;
        int[]? shape = null;
        cursor.Expect('{');
        while (!cursor.TryTake('}'))
        {
            string key = cursor.TakeString();
            cursor.Expect(':');
            switch (key)
            {
                case "descr" when cursor.Peek() == '[':
                    throw FileFailure.Mismatch(name, "holds records with named fields, and plain numbers were expected", "save one field at a time");
                case "descr": descriptor = cursor.TakeString(); break;
                case "fortran_order": fortranOrder = cursor.TakeBoolean(); break;
                case "shape": shape = cursor.TakeShape(); break;
                default: throw FileFailure.Broken(name, $"its header has the unknown key '{key}'");
            }

            if (!cursor.TryTake(',') && cursor.Peek() != '}') throw FileFailure.Broken(name, "its header is not a dictionary");
        }

        if (descriptor is null || fortranOrder is null || shape is null)
            throw FileFailure.Broken(name, "its header lacks one of descr, fortran_order and shape");
        (NumericType type, bool bigEndian) = ParseDescriptor(descriptor, name);
        return new NpyHeader(type, bigEndian, fortranOrder.Value, shape);
    }

    public static string Format(NumericType type, ReadOnlySpan<int> shape)
    {
        StringBuilder text = new();
        text.Append("{'descr': '").Append(Descriptor(type)).Append("', 'fortran_order': False, 'shape': (");
        foreach (int extent in shape) text.Append(CultureInfo.InvariantCulture, $"{extent}, ");
        if (shape.Length > 1) text.Length -= 2;
        else if (shape.Length == 1) text.Length -= 1;
        return text.Append("), }").ToString();
    }

    private static string Descriptor(NumericType type) => type switch
    {
        NumericType.Boolean => "|b1",
        NumericType.UInt8 => "|u1",
        NumericType.Int8 => "|i1",
        NumericType.UInt16 => "<u2",
        NumericType.Int16 => "<i2",
        NumericType.UInt32 => "<u4",
        NumericType.Int32 => "<i4",
        NumericType.UInt64 => "<u8",
        NumericType.Int64 => "<i8",
        NumericType.Float16 => "<f2",
        NumericType.Float32 => "<f4",
        _ => "<f8",
    };

    private static (NumericType Type, bool BigEndian) ParseDescriptor(string descriptor, string name)
    {
        char order = descriptor.Length > 0 && "<>|=".Contains(descriptor[0], StringComparison.Ordinal) ? descriptor[0] : '=';
        string kind = order == '=' && !descriptor.StartsWith('=') ? descriptor : descriptor[1..];
        NumericType? type = kind switch
        {
            "b1" or "?" => NumericType.Boolean,
            "u1" => NumericType.UInt8,
            "i1" => NumericType.Int8,
            "u2" => NumericType.UInt16,
            "i2" => NumericType.Int16,
            "u4" => NumericType.UInt32,
            "i4" => NumericType.Int32,
            "u8" => NumericType.UInt64,
            "i8" => NumericType.Int64,
            "f2" => NumericType.Float16,
            "f4" => NumericType.Float32,
            "f8" => NumericType.Float64,
            _ => null,
        };
        if (type is { } known) return (known, order == '>');
        if (kind.StartsWith('O'))
            throw FileFailure.Mismatch(name, "holds Python objects (pickle), which Elbo never loads", "save it from NumPy as an array of numbers, for example with astype('float32')");
        if (kind.StartsWith('S') || kind.StartsWith('U'))
            throw FileFailure.Mismatch(name, $"holds text (dtype '{descriptor}'), and numbers were expected", "save it from NumPy as an array of numbers");
        throw FileFailure.Mismatch(name, $"holds elements of dtype '{descriptor}', which Elbo does not read", "save it from NumPy as float32, float64 or integers");
    }

    private struct Cursor(string text, string name)
    {
        private int position;

        public char Peek()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
            return position < text.Length ? text[position] : '\0';
        }

        public bool TryTake(char expected)
        {
            if (Peek() != expected || expected == '\0') return false;
            position++;
            return true;
        }

        public void Expect(char expected)
        {
            if (!TryTake(expected)) throw Malformed();
        }

        public string TakeString()
        {
            char quote = Peek();
            if (quote is not ('\'' or '"')) throw Malformed();
            int end = text.IndexOf(quote, position + 1);
            if (end < 0) throw Malformed();
            string value = text[(position + 1)..end];
            position = end + 1;
            return value;
        }

        public bool TakeBoolean()
        {
            Peek();
            if (text.AsSpan(position).StartsWith("True")) position += 4;
            else if (text.AsSpan(position).StartsWith("False"))
            {
                position += 5;
                return false;
            }
            else throw Malformed();
            return true;
        }

        public int[] TakeShape()
        {
            List<int> extents = [];
            Expect('(');
            while (!TryTake(')'))
            {
                Peek();
                int start = position;
                while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
                if (!int.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out int extent))
                    throw FileFailure.Broken(name, "its header gives a shape that is not a list of sizes below 2^31");
                extents.Add(extent);
                // Python 2 wrote long integers with an L.
                if (position < text.Length && text[position] == 'L') position++;
                if (!TryTake(',') && Peek() != ')') throw Malformed();
                if (extents.Count > 32) throw FileFailure.Broken(name, "its header gives more than 32 dimensions");
            }

            return [.. extents];
        }

        private readonly ElboException Malformed() => FileFailure.Broken(name, "its header is not the dictionary that the npy format asks for");
    }
}
