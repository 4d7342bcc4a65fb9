using System.Collections.Immutable;
using System.Text;

namespace Gateway.Core.Commands;

/// <summary>Splits a typed line into words at spaces; quotes of either kind keep spaces together.</summary>
public static class CommandWords
{
    public static ImmutableArray<string> Split(string line)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (begun, quote) = (false, '\0');
        foreach (var c in line)
        {
            if (quote == '\0' && c is '"' or '\'')
            {
                (begun, quote) = (true, c);
            }
            else if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (begun)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    begun = false;
                }
            }
            else
            {
                word.Append(c);
                begun = true;
            }
        }

        if (begun)
        {
            words.Add(word.ToString());
        }

        return words.ToImmutable();
    }
}
