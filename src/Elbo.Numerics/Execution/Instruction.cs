namespace Elbo.Numerics;

/// <summary>One step of a plan, with every address known before the first run.</summary>
internal abstract class Instruction : ParallelJob
{
    /// <summary>The number of independent parts, fixed by the shapes.</summary>
    public int Parts { get; protected set; } = 1;

    /// <summary>What it does, for printed plans.</summary>
    public abstract string Description { get; }

    /// <summary>The arithmetic of one run in multiply-adds, for printed rates; 0 where that says nothing.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Resolves addresses, once the arena exists.</summary>
    public abstract void Bind();

    /// <summary>Executes the instruction.</summary>
    public virtual void Run(WorkerPool pool, in RandomStream stream)
    {
        // Most instructions of a small model are too short to share, and a direct call costs nothing.
        if (Parts == 1) Execute(0, 0);
        else pool.Run(this, Parts);
    }
}
