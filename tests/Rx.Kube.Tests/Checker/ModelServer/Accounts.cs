namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>What the server knows of one client.</summary>
internal sealed class Account
{
    public int Requests { get; set; }

    /// <summary>Whether a watch of the client has worked: from then on it must survive every refusal.</summary>
    public bool Established { get; set; }

    public int Token { get; set; }
}

/// <summary>The clients, and the token that the server accepts.</summary>
internal sealed class Accounts(ServerTime time)
{
    private readonly Dictionary<int, Account> _accounts = [];
    private int _token;
    private long _tokenSince;
    private bool _tokenOnRefusal;

    public Account Of(int client)
    {
        if (!_accounts.TryGetValue(client, out var its))
        {
            _accounts.Add(client, its = new());
        }

        return its;
    }

    /// <summary>Refuses the old token from now on. Clients have the new one later, or as soon as the old one is refused.</summary>
    public void Rotate(int milliseconds, bool onRefusal) =>
        (_token, _tokenSince, _tokenOnRefusal) = (_token + 1, time.Now + (onRefusal ? 0 : milliseconds), onRefusal);

    /// <summary>The token that a client has now: a file that is read again, or a plugin.</summary>
    public string TokenOf(int client)
    {
        var its = Of(client);
        if (!_tokenOnRefusal && time.Now >= _tokenSince)
        {
            its.Token = _token;
        }

        return Text(its.Token);
    }

    /// <summary>Whether a request has the token of now.</summary>
    public bool Accepts(WireRequest request)
    {
        var isRight = request.Token == Text(_token);
        if (!isRight && _tokenOnRefusal)
        {
            Of(request.Client).Token = _token;
        }

        return isRight;
    }

    private static string Text(int token) => $"canary-{token}";
}
