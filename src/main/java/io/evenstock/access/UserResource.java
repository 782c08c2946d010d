package io.evenstock.access;

import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** {@code /api/users}: the users of the console, for admins. A password is in one answer only, the one that made it. */
@Path("users")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class UserResource {
    @Inject
    UserDesk desk;

    @Inject
    JsonBody json;

    @Inject
    Caller caller;

    @GET
    public String users() {
        JsonArrayBuilder items = Json.createArrayBuilder();
        desk.all().forEach(user -> items.add(json(user)));
        return Json.createObjectBuilder().add("items", items).build().toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body) {
        JsonFields fields = JsonFields.of(json.read(body), "");
        return once(
                Response.Status.CREATED, desk.make(fields.text("name", 64), fields.text("role", 20), caller.actor()));
    }

    @POST
    @Path("{userId}/role")
    @Consumes(MediaType.APPLICATION_JSON)
    public String role(@PathParam("userId") int userId, InputStream body) {
        String role = JsonFields.of(json.read(body), "").text("role", 20);
        return json(desk.role(userId, role, caller.actor())).build().toString();
    }

    /** Makes a new one. */
    @POST
    @Path("{userId}/password")
    public Response password(@PathParam("userId") int userId) {
        return once(Response.Status.OK, desk.resetPassword(userId, caller.actor()));
    }

    @POST
    @Path("{userId}/disable")
    public String disable(@PathParam("userId") int userId) {
        return json(desk.disable(userId, caller.actor())).build().toString();
    }

    @POST
    @Path("{userId}/enable")
    public String enable(@PathParam("userId") int userId) {
        return json(desk.enable(userId, caller.actor())).build().toString();
    }

    private static Response once(Response.Status status, UserDesk.Made made) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(json(made.user())
                        .add("password", made.password())
                        .build()
                        .toString())
                .build();
    }

    private static JsonObjectBuilder json(User user) {
        return Json.createObjectBuilder()
                .add("userId", user.userId())
                .add("name", user.name())
                .add("role", user.role().text())
                .add("subject", text(user.subject()))
                .add("createdBy", user.createdBy())
                .add("createdAt", user.createdAt().toString())
                .add("passwordAt", user.passwordAt().toString())
                .add("lastLoginAt", text(user.lastLoginAt()))
                .add("disabledAt", text(user.disabledAt()));
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
