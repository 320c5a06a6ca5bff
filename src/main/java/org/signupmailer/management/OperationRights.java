package org.signupmailer.management;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.StringJoiner;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.jolokia.server.core.service.api.DataUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Tells Hawtio which operations {@link JolokiaPolicy} refuses, so that it shows no buttons that can't work; and leaves
 * out of its list of operations those that only read an attribute, which it shows anyway.
 */
final class OperationRights extends DataUpdater {

    private static final String ALLOWED = "canInvoke";
    private static final int BEHIND_THE_OPERATIONS = 200;

    private final JolokiaPolicy policy;

    OperationRights(JolokiaPolicy policy) {
        super(BEHIND_THE_OPERATIONS);
        this.policy = policy;
    }

    /** Where Hawtio looks for rights by signature. */
    @Override
    public String getKey() {
        return "opByString";
    }

    @Override
    public JSONObject extractData(ObjectName name, MBeanInfo info, @Nullable String filter) {
        JSONObject rights = new JSONObject();
        for (MBeanOperationInfo operation : info.getOperations()) {
            StringJoiner signature = new StringJoiner(",", operation.getName() + "(", ")");
            for (MBeanParameterInfo parameter : operation.getSignature()) {
                signature.add(parameter.getType());
            }
            JSONObject right = new JSONObject();
            right.put(ALLOWED, policy.isOperationAllowed(name, signature.toString()));
            rights.put(signature.toString(), right);
        }
        return rights;
    }

    @Override
    public void update(
            Map<String, Object> mbean,
            ObjectName name,
            MBeanInfo info,
            @Nullable Deque<String> path,
            boolean openTypes) {
        super.update(mbean, name, info, path == null ? new ArrayDeque<>() : path, openTypes);
        if (mbean.get("op") instanceof JSONObject operations) {
            for (MBeanOperationInfo operation : info.getOperations()) {
                if ("getter".equals(operation.getDescriptor().getFieldValue("role"))) {
                    operations.remove(operation.getName());
                }
            }
            operations.forEach((operation, overloads) -> {
                if (overloads instanceof JSONArray all) {
                    all.forEach(one -> mark(one, name, operation));
                } else {
                    mark(overloads, name, operation);
                }
            });
        }
    }

    private void mark(@Nullable Object overload, ObjectName name, String operation) {
        if (overload instanceof JSONObject json && json.get("args") instanceof JSONArray arguments) {
            StringJoiner signature = new StringJoiner(",", operation + "(", ")");
            for (Object argument : arguments) {
                signature.add(argument instanceof JSONObject described ? String.valueOf(described.get("type")) : "");
            }
            json.put(ALLOWED, policy.isOperationAllowed(name, signature.toString()));
        }
    }
}
