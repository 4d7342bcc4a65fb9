using System.Text;

namespace Gateway.Node.Demo;

/// <summary>The output of the demo once it is up: all addresses, and suggestions to try.</summary>
internal static class DemoText
{
    public static string Of(DemoCluster cluster)
    {
        var gateways = cluster.Gateways.ToList();
        var (first, backend) = (gateways[0], cluster.Backends.First());
        var text = new StringBuilder()
            .AppendLine()
            .AppendLine("Three gateway replicas, one cluster, and four sample backends are up, in this process.")
            .AppendLine();
        foreach (var (id, zone, requests, page, metrics, address) in gateways)
        {
            text.AppendLine($"  {id}  zone {zone}  http://{requests}/  page http://{page}/  metrics http://{metrics}/metrics  cluster {address}");
        }

        foreach (var (name, zone, address) in cluster.Backends)
        {
            text.AppendLine($"  {name}  zone {zone}  {address}");
        }

        return text.AppendLine($"""

            Try, in another terminal:

              open http://{first.Page}/ in a browser
                  the live page of {first.Id}: what follows shows there as it happens

              curl http://{first.Requests}/
                  a backend answers, and says which one it is; again, and it is the next one's turn

              curl -X POST {backend.Address}-/sick
                  makes {backend.Name} fail; its requests go to the others, and the lines below say what the replicas make of it

              curl -s http://{first.Metrics}/metrics | grep healthy_backends
                  how many backends that replica would send to

              curl -X POST {backend.Address}-/well
                  makes it well again

              curl -s http://{first.Metrics}/metrics | grep cluster_members
                  the replicas of the cluster, as that one sees them

            Ctrl-C ends all of it: the replicas leave their cluster first.

            """).ToString();
    }
}
