namespace Rx.Kube.Fuzz;

/// <summary>A certificate and its key. They protect nothing: they are here so that a seed gives the same inputs on every machine.</summary>
internal static class Identity
{
    public const string Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBdDCCARugAwIBAgIUAqHMTaBCjQwItIVCK9n6dsfUy9cwCgYIKoZIzj0EAwIw
        DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjgxMjUxNDFaGA8yMTI2MTEwNDEyNTE0
        MVowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEO7
        P27jelnvxLlzflretm5xjtRjy8w6k9FWR6fxdTZnmQhTtc1WJt1duG4sz+qKtYh/
        tvXYWL7lYakjPKL31ZWjUzBRMB0GA1UdDgQWBBQg3j2IXaC5H63pGPKcYzh0Vqid
        ZzAfBgNVHSMEGDAWgBQg3j2IXaC5H63pGPKcYzh0VqidZzAPBgNVHRMBAf8EBTAD
        AQH/MAoGCCqGSM49BAMCA0cAMEQCIDtsVQd2lmDokzpT9nDuFi+H5Clid/kR4dpL
        yudVKEo3AiB4fkceAkKDvQJSpQD8stsZ4+Ne9uvB/M3GQimOCpSaew==
        -----END CERTIFICATE-----

        """;

    public const string Key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1hc54D+FRx5i7eBp
        WpOFoFeN/MNwVJ6wQZPHEQ/6igqhRANCAARDuz9u43pZ78S5c35a3rZucY7UY8vM
        OpPRVken8XU2Z5kIU7XNVibdXbhuLM/qirWIf7b12Fi+5WGpIzyi99WV
        -----END PRIVATE KEY-----

        """;
}
