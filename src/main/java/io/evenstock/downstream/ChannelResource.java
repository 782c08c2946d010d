package io.evenstock.downstream;

import io.evenstock.access.Caller;
import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;

/** {@code /api/channels}: which facilities sell together, and what they keep back. */
@Path("channels")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ChannelResource {
    private static final int MAX_FACILITIES = 10_000;
    private static final int MAX_NAME = 100;
    private static final int MAX_ID = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    @Inject
    JsonBody json;

    @Inject
    Channels channels;

    @Inject
    DownstreamDesk desk;

    @Inject
    Caller caller;

    /** Makes or changes channels: all of them or none. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public String put(InputStream body) {
        desk.put(json.array(body).stream().map(ChannelResource::channel).toList(), caller.actor());
        return channels();
    }

    @GET
    public String channels() {
        JsonArrayBuilder items = Json.createArrayBuilder();
        for (Channel channel : channels.all()) {
            items.add(Json.createObjectBuilder()
                    .add("name", channel.name())
                    .add("facilities", facilities(channel))
                    .add("safetyUnits", channel.safetyUnits())
                    .add("safetyPercent", channel.safetyPercent()));
        }
        return Json.createObjectBuilder().add("items", items).build().toString();
    }

    @DELETE
    @Path("{name}")
    public Response delete(@PathParam("name") String name) {
        desk.deleteChannel(name, caller.actor());
        return Response.noContent().build();
    }

    private static JsonArrayBuilder facilities(Channel channel) {
        JsonArrayBuilder facilities = Json.createArrayBuilder();
        channel.facilityIds().forEach(id -> facilities.add(id));
        return facilities;
    }

    private static Channel channel(JsonFields fields) {
        String name = fields.text("name", MAX_NAME);
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalid(
                    fields.pointer("name"), "name stands in addresses: A-Z a-z 0-9 . _ - and first a letter or digit");
        }
        List<String> facilities = fields.texts("facilities", MAX_FACILITIES, MAX_ID).stream()
                .distinct()
                .toList();
        if (facilities.isEmpty()) {
            throw ProblemException.invalid(fields.pointer("facilities"), "facilities must name at least one facility");
        }
        Integer units = fields.optionalInteger("safetyUnits", 0, Integer.MAX_VALUE);
        Integer percent = fields.optionalInteger("safetyPercent", 0, 100);
        return new Channel(name, facilities, units == null ? 0 : units, percent == null ? 0 : percent);
    }
}
