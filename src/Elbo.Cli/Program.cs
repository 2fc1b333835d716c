using Elbo.Cli.Hosting;

// Asked alone, the version is printed before anything of the tool is loaded: scripts ask it often.
if (args is ["--version"])
{
    Console.Out.WriteLine(ToolVersion.Text);
    return ExitCode.Success;
}

using Interrupts interrupts = Interrupts.Listen(Console.Error);
Terminal terminal = new(Console.Out, Console.Error, IsInteractive: !Console.IsErrorRedirected);
int code = await ToolHost.RunAsync(args, terminal, interrupts.Token).ConfigureAwait(false);
return interrupts.ExitCode ?? code;
