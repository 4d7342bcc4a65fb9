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
            .AppendLine("Three gateway replicas in one cluster and four sample backends are running in this process.")
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
                  the live page of {first.Id}, which shows the effects of the commands below

              curl http://{first.Requests}/
                  a backend answers with its name; repeat it, and the next one answers

              curl -X POST {backend.Address}-/sick
                  makes {backend.Name} fail; requests go to the others, and the replicas log below how they see it

              curl -s http://{first.Metrics}/metrics | grep healthy_backends
                  the number of backends that this replica uses

              curl -X POST {backend.Address}-/well
                  makes it work again

              curl -s http://{first.Metrics}/metrics | grep cluster_members
                  the members of the cluster, as this replica sees them

            Ctrl-C stops everything; the replicas leave their cluster first.

            """).ToString();
    }
}
