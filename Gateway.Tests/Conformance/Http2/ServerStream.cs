using System.Text;
using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>A client's input on a stream.</summary>
internal sealed class ServerStream
{
    private readonly List<byte> _body = [];

    /// <summary>The statuses of interim answers.</summary>
    public List<int> Interims { get; } = [];

    /// <summary>0: no final head yet.</summary>
    public int Status { get; private set; }

    /// <summary>The fields of the final head, as <c>name: value</c>.</summary>
    public string[] Fields { get; private set; } = [];

    public string[] Trailers { get; private set; } = [];

    public int Length => _body.Count;

    public string Body => Encoding.Latin1.GetString(_body.ToArray());

    /// <summary>The number of DATA frames.</summary>
    public int Frames { get; private set; }

    /// <summary>The window granted by the server beyond the initial one.</summary>
    public long Granted { get; set; }

    /// <summary>Whether nothing more comes.</summary>
    public bool HasEnded { get; private set; }

    public Http2Error? Reset
    {
        get;
        set
        {
            field = value;
            HasEnded = true;
        }
    }

    public void Take(byte[] data, bool end)
    {
        Assert.True(Status > 0 && !HasEnded, "DATA in the wrong place");
        _body.AddRange(data);
        Frames++;
        HasEnded = end;
    }

    public void Take(string[] fields, bool end)
    {
        Assert.False(HasEnded);
        HasEnded = end;
        if (Status > 0)
        {
            Assert.True(end, "trailers without END_STREAM");
            Trailers = fields;
            return;
        }

        var status = int.Parse(fields[0][":status: ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        if (status < 200)
        {
            Interims.Add(status);
        }
        else
        {
            (Status, Fields) = (status, fields);
        }
    }
}
