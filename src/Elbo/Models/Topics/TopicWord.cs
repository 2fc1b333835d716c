namespace Elbo.Models;

/// <summary>A word of a topic.</summary>
/// <param name="Word">Its number: its column.</param>
/// <param name="Name">The word itself; <c>x0</c>, <c>x1</c>, … where it has no name.</param>
/// <param name="Probability">Its posterior mean probability in the topic.</param>
public readonly record struct TopicWord(int Word, string Name, double Probability);
