using System.Text;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Tests.Storage;

namespace Elbo.Tests.Data;

public class CsvTests
{
    [Theory]
    [InlineData("1,2.5\n-3,4e2\n")]
    [InlineData("a,b\n1,2.5\n-3,4e2")]
    [InlineData("\"a, the first\";b\r\n1;2.5\r\n\r\n-3;4e2\r\n")]
    [InlineData("1\t2.5\n-3\t4e2")]
    [InlineData("  1    2.5\n -3  4e2  \n")]
    [InlineData("\"1\", \"2.5\"\n\"-3\", \"4e2\"")]
    public void Reads_numbers_with_or_without_header_and_any_delimiter(string text)
    {
        DataSet data = Read(text, text.Contains(';', StringComparison.Ordinal) ? new CsvOptions { Delimiter = ';' } : null);
        Assert.Equal([2], data.RowShape.ToArray());
        Assert.Equal([1f, 2.5f, -3, 400], data.Floats.ToArray());
    }

    [Fact]
    public void Takes_labels_from_a_column_by_name_or_number()
    {
        DataSet named = Read("x,kind,y\n1,dog,2\n3,cat,4\n5,dog,6", new CsvOptions { LabelColumn = "kind" });
        Assert.Equal([1, 0, 1], named.Labels.ToArray());
        Assert.Equal(["cat", "dog"], named.LabelNames);
        Assert.Equal([1f, 2, 3, 4, 5, 6], named.Floats.ToArray());
        DataSet numbered = Read("1,2,-7\n3,4,8", new CsvOptions { LabelColumn = "2" });
        Assert.Equal([-7, 8], numbered.Labels.ToArray());
        Assert.Empty(numbered.LabelNames);
        DataSet text = Read("cat,1\ndog,2", new CsvOptions { LabelColumn = "0" });
        Assert.Equal(2, text.Rows);
    }

    [Fact]
    public void Missing_values_become_NaN_where_they_are_allowed()
    {
        DataSet data = Read("a,b\n1,\nNA,2\n?,nan", new CsvOptions { AllowMissing = true });
        Assert.Equal([1f, float.NaN, float.NaN, 2, float.NaN, float.NaN], data.Floats.ToArray());
        Assert.Equal(new ValueRange(1, 2, 4), data.Range);
        Assert.Equal("'x.csv' has a missing value in line 2, column 2 ('b'); fill it, or allow missing values.", Refusal("a,b\n1,\n"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "'x.csv' has 'x' in line 3, column 2 ('b'), and a finite number was expected; correct it, or name the column of labels if this is one.")]
    [InlineData("1,2\n3,inf\n", "'x.csv' has 'inf' in line 2, column 2, and a finite number")]
    [InlineData("1,2\n3\n", "'x.csv' has 1 fields in line 2, and 2 were expected, as in its first line; correct the line.")]
    [InlineData("", "'x.csv' has no row of numbers; give it at least one.")]
    [InlineData("a,b\n", "'x.csv' has no row of numbers")]
    [InlineData("1,\"2\n3,4", "opens a quotation in line 1")]
    public void Names_the_place_of_a_bad_field(string text, string expected) => Assert.StartsWith(expected, expected.StartsWith('\'') ? Refusal(text) : Refusal(text)[8..], StringComparison.Ordinal);

    [Fact]
    public void A_doubled_quotation_mark_inside_a_quotation_is_one()
    {
        DataSet data = Read("name,x\n\"a \"\"quoted\"\", one\",1\n\"\"\"\",2\n\"\",3", new CsvOptions { LabelColumn = "name" });
        Assert.Equal(["", "\"", "a \"quoted\", one"], data.LabelNames);
        Assert.Contains("opens a quotation in line 2", Assert.Throws<ElboException>(() => Read("a,b\n\"x\"\",1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,a\n1,2,3", null, "'x.csv' has two columns named 'a', 1 and 3; rename one of them.")]
    [InlineData("a,b,a\n1,2,3", "a", "two columns named 'a', 1 and 3")]
    [InlineData("a,b,b\n1,2,3", "1", "two columns named 'b', 2 and 3")]
    public void Two_columns_of_one_name_are_refused(string text, string? label, string words) =>
        Assert.Contains(words, Assert.Throws<ElboException>(() => Read(text, new CsvOptions { LabelColumn = label })).Message, StringComparison.Ordinal);

    [Fact]
    public void Columns_of_one_name_that_nobody_asks_for_do_no_harm() =>
        Assert.Equal(1, Read("a,b,c,c\n1,2,3,4", new CsvOptions { Columns = ["b"] }).RowLength);

    [Fact]
    public void Names_the_columns_there_are() =>
        Assert.Contains("has the columns a, b, and the label column 'c' was expected", Assert.Throws<ElboException>(() => Read("a,b\n1,2", new CsvOptions { LabelColumn = "c" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Survives_ten_thousand_mutants() => Mutation.Fuzz(
        ["a,b,c\n1,2,3\n4,5.5,-6e3\n"u8.ToArray(), "\"x\";\"y z\"\r\n1;2\r\n\"3\";4\r\n"u8.ToArray()],
        static mutant => Read(Encoding.UTF8.GetString(mutant)));

    private static DataSet Read(string text, CsvOptions? options = null) => Csv.Read(new StringReader(text), "x", "x.csv", options);

    private static string Refusal(string text) => Assert.Throws<ElboException>(() => Read(text)).Message;
}
