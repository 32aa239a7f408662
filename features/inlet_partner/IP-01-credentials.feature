@IP-01
Feature: Credentials are used as they were issued

  Scenario: In the header, and nowhere else
    Given a guest's stay was booked
    Then every call bore a credential that was issued, in its header
    And no credential stands in an address or a body

  Scenario: Each customer's own
    Given the partner serves several customers
    And a guest of each customer booked a stay
    Then every call bore the credential of the customer whose lock it names

  Scenario: Not in the log
    Given the partner hands its log in
    Then the log holds no credential
