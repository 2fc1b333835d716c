using Elbo.Cli.Hosting;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo data</c>: what there is to fit.</summary>
internal sealed class DataVerb : Verb
{
    public DataVerb(Terminal terminal)
        : base("data", "List, describe and download data sets.", "elbo data list", "elbo data info mnist", "elbo data fetch fashion-mnist")
    {
        Add(new DataListVerb(terminal));
        Add(new DataInfoVerb(terminal));
        Add(new DataFetchVerb(terminal));
    }
}
