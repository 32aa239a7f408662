@LV-60
Feature: Mobile access is created

  Scenario: A key or an invitation for a user
    When mobile access is created for the next two hours
    Then the vendor gives it an id and an invitation or a state
    And it is connected to a user

  Scenario: Validity and scope
    When mobile access is created for the next two hours
    Then its validity and scope are those asked for
