@IP-06
Feature: The access period is well formed

  Scenario: An ordinary stay
    When a guest's stay is booked
    Then the access period covers the stay and gives its zone

  Scenario: The clocks go forward during the stay
    When a guest's stay is booked across the day on which the clocks go forward
    Then the access period covers the stay and gives its zone

  Scenario: The clocks go back during the stay
    When a guest's stay is booked across the day on which the clocks go back
    Then the access period covers the stay and gives its zone

  Scenario: A stay of 400 days
    When a stay of 400 days is booked
    Then no call asks for more than 367 days

  Scenario: Over all calls until then
    Given a guest's stay was booked
    Then no call asked for a period that ends before it begins, names no zone or is longer than 367 days
